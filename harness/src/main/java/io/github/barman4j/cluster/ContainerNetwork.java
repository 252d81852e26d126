package io.github.barman4j.cluster;

import java.util.Map;

/**
 * A network of Docker's that the servers of a site are in, each under its name.
 *
 * @param name as Docker knows it
 * @param labels of all that goes with the site: a container that has them is removed with it, and missed by nobody who looks for what is
 *     left
 */
public record ContainerNetwork(String name, Map<String, String> labels) {
  public ContainerNetwork {
    labels = Map.copyOf(labels);
  }
}
