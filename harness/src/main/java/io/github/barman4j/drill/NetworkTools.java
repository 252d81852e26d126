package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.cluster.ContainerServers;
import io.github.barman4j.fault.ToxiproxyServer;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * With what the network of a drill is broken, as the user has asked for it: the program that is named; otherwise, where servers are
 * containers, the image that is named or the usual one; otherwise the program on the PATH. Used by one thread.
 */
final class NetworkTools {
  static final String USUAL_IMAGE = "ghcr.io/shopify/toxiproxy:2.12.0";
  static final String IMAGE_PROPERTY = "barman.drill.toxiproxyImage";

  private static final String ON_PATH = "there is no " + ToxiproxyServer.PROGRAM + " on the PATH";
  private static final String INSTALL =
      "install Toxiproxy 2.12.0, or name the program as barman.drill.toxiproxyServer";

  private final @Nullable Path server;
  private final @Nullable String image;
  private final boolean containers;
  private final Images images;
  private final Optional<Path> onPath;
  private @Nullable NetworkMeans found;
  private @Nullable String instead;

  /** Pulls images that are not there. */
  interface Images {
    /** @throws BarmanException when an image cannot be had */
    void provide(String image);
  }

  /**
   * @param server null when none is named
   * @param image null when none is named
   * @throws BarmanException with code DRILL_CONFIGURATION for what cannot be used
   */
  NetworkTools(
      @Nullable Path server,
      @Nullable String image,
      boolean containers,
      Images images,
      @Nullable String path) {
    requireUsable(server, image, containers);
    this.server = server;
    this.image = image;
    this.containers = containers;
    this.images = images;
    this.onPath = ToxiproxyServer.onPath(path);
  }

  /** Those of this machine. */
  static NetworkTools here(@Nullable Path server, @Nullable String image, boolean containers) {
    return new NetworkTools(
        server,
        image,
        containers,
        name -> ContainerServers.provide(name, IMAGE_PROPERTY),
        System.getenv("PATH"));
  }

  static void requireUsable(@Nullable Path server, @Nullable String image, boolean containers) {
    if (server != null && image != null) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "both barman.drill.toxiproxyServer and " + IMAGE_PROPERTY + " are set",
          "leave one of them out: one Toxiproxy breaks the network");
    }
    if (image != null && !containers) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          IMAGE_PROPERTY + " is set, and the drill's servers are not in containers",
          "add -Dbarman.drill.environment=docker, or leave the image out");
    }
    if (server != null) {
      ToxiproxyServer.requireProgram(server);
    }
  }

  /**
   * Pulls the image that is named, before anything is broken.
   *
   * @throws BarmanException with code DRILL_DOCKER when it is not there and cannot be pulled
   */
  void requireNamedImage() {
    if (image != null) {
      images.provide(image);
    }
  }

  /** Looks for it once. The usual image is not asked for: without it the program on the PATH does. */
  NetworkMeans find() {
    if (found == null) {
      found = look();
    }
    return found;
  }

  /** The same, and says once that the usual image could not be had. */
  NetworkMeans find(EventSink sink) {
    NetworkMeans means = find();
    if (instead != null) {
      sink.info(instead);
      instead = null;
    }
    return means;
  }

  private NetworkMeans look() {
    if (server != null) {
      return new NetworkMeans.Program(server);
    }
    return containers ? container() : program(ON_PATH + "; " + INSTALL);
  }

  private NetworkMeans container() {
    String wanted = image == null ? USUAL_IMAGE : image;
    try {
      images.provide(wanted);
      return new NetworkMeans.Image(wanted);
    } catch (BarmanException e) {
      if (image != null || e.code() != ErrorCode.DRILL_DOCKER) {
        throw e;
      }
      onPath.ifPresent(program ->
          instead = e.problem() + "; " + program + " on this machine breaks the network instead");
      return program(e.problem() + ", and " + ON_PATH + "; pull the image by hand, name another as "
          + IMAGE_PROPERTY + ", " + INSTALL);
    }
  }

  private NetworkMeans program(String whyNot) {
    return onPath
        .<NetworkMeans>map(NetworkMeans.Program::new)
        .orElseGet(() -> new NetworkMeans.Nothing(whyNot));
  }
}
