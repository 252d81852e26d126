package io.github.barman4j.fault;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.ToxiproxyClient;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import eu.rekawek.toxiproxy.model.toxic.ResetPeer;
import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The links of a Toxiproxy that runs, wherever that is. {@link #close()} removes them; the program stays. For one thread. */
final class Toxiproxy implements Network {
  /** Where a Toxiproxy listens that only this machine may reach. */
  static final String LOOPBACK = "127.0.0.1";

  private static final String PROBE = "barman-probe";
  private static final int HTTP_MILLIS = 2000;
  private static final Pattern VERSION = Pattern.compile("\"version\"\\s*:\\s*\"([^\"]+)\"");

  private final ToxiproxyClient client;
  private final Doors doors;
  private final List<ToxiproxyLink> links = new ArrayList<>();

  /** Where a Toxiproxy listens for clients of its links. */
  interface Doors {
    /** For the next link, as Toxiproxy understands it: {@code host:port}. */
    String next();

    /** Where this machine reaches what listens there. */
    Door reached(String listen);
  }

  record Door(String host, int port) {}

  Toxiproxy(ToxiproxyClient client, Doors doors) {
    this.client = client;
    this.doors = doors;
  }

  /** As the one that listens there tells it; empty while none answers. */
  static Optional<String> version(String host, int port) {
    try {
      HttpURLConnection connection = (HttpURLConnection)
          URI.create("http://" + host + ":" + port + "/version").toURL().openConnection();
      connection.setConnectTimeout(HTTP_MILLIS);
      connection.setReadTimeout(HTTP_MILLIS);
      try (var body = connection.getInputStream()) {
        String text = new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
        Matcher matcher = VERSION.matcher(text);
        return Optional.of(matcher.find() ? matcher.group(1) : text);
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Tries the youngest of the faults that links need; a build from source does not know its version. */
  void requireFaults(String version) {
    try {
      Proxy probe = client.createProxy(PROBE, doors.next(), "127.0.0.1:1");
      try {
        probe.toxics().resetPeer("reset", ToxicDirection.DOWNSTREAM, 0);
      } finally {
        probe.delete();
      }
    } catch (IOException | RuntimeException e) {
      throw new BarmanException(
          ErrorCode.DRILL_NETWORK,
          "Toxiproxy, version " + version + ", cannot reset connections: " + e.getMessage(),
          "take version 2.12.0, or another from 2.5.0 on",
          e);
    }
  }

  @Override
  public Link link(String upstream) {
    return link(upstream, false);
  }

  @Override
  public Link resettableLink(String upstream) {
    return link(upstream, true);
  }

  private Link link(String upstream, boolean resettable) {
    try {
      Proxy proxy = client.createProxy("barman-" + links.size(), doors.next(), upstream);
      // Only connections that were made with it in place end with a reset (link.go, Start, 2.12),
      // so it sleeps until it is needed.
      Optional<ResetPeer> reset = resettable
          ? Optional.of(proxy.toxics().resetPeer("reset", ToxicDirection.DOWNSTREAM, 0))
          : Optional.empty();
      if (reset.isPresent()) {
        reset.get().setToxicity(0);
      }
      ToxiproxyLink link = new ToxiproxyLink(proxy, doors.reached(proxy.getListen()), reset);
      links.add(link);
      return link;
    } catch (IOException | RuntimeException e) {
      throw ToxiproxyLink.failed("no link to " + upstream + " could be made", e);
    }
  }

  @Override
  public void close() {
    links.forEach(ToxiproxyLink::close);
    links.clear();
  }
}
