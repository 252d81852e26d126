package io.github.barman4j.fault;

import eu.rekawek.toxiproxy.Proxy;
import eu.rekawek.toxiproxy.model.Toxic;
import eu.rekawek.toxiproxy.model.ToxicDirection;
import eu.rekawek.toxiproxy.model.toxic.ResetPeer;
import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A proxy of a Toxiproxy. */
final class ToxiproxyLink implements Link {
  /** Of toxiproxy's bandwidth toxic (bandwidth.go, Pipe, 2.12). */
  private static final int KILOBYTE = 1000;

  private final Proxy proxy;
  private final Toxiproxy.Door door;
  private final Optional<ResetPeer> sleeping;
  private boolean closed;

  /** @param sleeping resets nothing until its toxicity is 1 */
  ToxiproxyLink(Proxy proxy, Toxiproxy.Door door, Optional<ResetPeer> sleeping) {
    this.proxy = proxy;
    this.door = door;
    this.sleeping = sleeping;
  }

  /** Something that is asked of Toxiproxy. */
  private interface Call {
    void run() throws IOException;
  }

  @Override
  public String host() {
    return door.host();
  }

  @Override
  public int port() {
    return door.port();
  }

  @Override
  public Damage cutAfter(long bytes) {
    require(bytes >= 1, "a cut after " + bytes + " bytes");
    return toxic(
        toxics -> toxics.add(proxy.toxics().limitData("cut", ToxicDirection.DOWNSTREAM, bytes)));
  }

  @Override
  public Damage reset() {
    ResetPeer reset =
        sleeping.orElseThrow(() -> new IllegalStateException("the link was not made to be reset"));
    call("be reset", () -> reset.setToxicity(1));
    return once(() -> reset.setToxicity(0));
  }

  @Override
  public Damage swallow() {
    return toxic(toxics -> {
      toxics.add(proxy.toxics().timeout("swallow-down", ToxicDirection.DOWNSTREAM, 0));
      toxics.add(proxy.toxics().timeout("swallow-up", ToxicDirection.UPSTREAM, 0));
    });
  }

  @Override
  public Damage delay(Duration latency, Duration jitter) {
    return toxic(toxics -> {
      var delay = proxy.toxics().latency("delay", ToxicDirection.DOWNSTREAM, latency.toMillis());
      toxics.add(delay);
      delay.setJitter(jitter.toMillis());
    });
  }

  @Override
  public Damage limitRate(long bytesPerSecond) {
    require(bytesPerSecond >= KILOBYTE, "a rate of " + bytesPerSecond + " bytes a second");
    return toxic(toxics -> toxics.add(
        proxy.toxics().bandwidth("rate", ToxicDirection.DOWNSTREAM, bytesPerSecond / KILOBYTE)));
  }

  @Override
  public Damage partition() {
    call("be cut off", proxy::disable);
    return once(proxy::enable);
  }

  /** Adds what it makes to a list, so that the first part is taken away again when the second cannot be made. */
  private interface Maker {
    void make(List<Toxic> toxics) throws IOException;
  }

  private Damage toxic(Maker maker) {
    List<Toxic> toxics = new ArrayList<>();
    Damage damage = once(() -> {
      for (Toxic toxic : toxics) {
        toxic.remove();
      }
    });
    boolean made = false;
    try {
      call("be broken", () -> maker.make(toxics));
      made = true;
      return damage;
    } finally {
      if (!made) {
        damage.close();
      }
    }
  }

  /** A link that is gone is healed enough. */
  private Damage once(Call heal) {
    return new Damage() {
      private boolean healed;

      @Override
      public void close() {
        if (!healed && !closed) {
          call("be healed", heal);
        }
        healed = true;
      }
    };
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      call("be closed", proxy::delete);
    }
  }

  private void call(String what, Call call) {
    try {
      call.run();
    } catch (IOException | RuntimeException e) {
      throw failed("the link to " + proxy.getUpstream() + " could not " + what, e);
    }
  }

  static BarmanException failed(String problem, Exception cause) {
    return new BarmanException(
        ErrorCode.DRILL_NETWORK,
        problem + ": " + cause.getMessage(),
        "does Toxiproxy still run, and is its version 2.5.0 or later?",
        cause);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what + " is not possible");
    }
  }
}
