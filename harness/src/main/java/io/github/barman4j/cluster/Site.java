package io.github.barman4j.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the servers of one run live, with all files that they and their drill have. Servers of one site reach each other. Used by one
 * thread; whoever opens it closes it, after its clusters.
 */
public abstract class Site implements AutoCloseable {
  private final RunFolder root;

  Site(RunFolder root) {
    this.root = root;
  }

  /** A new folder, removed with the site at the latest. */
  public RunFolder newFolder(String what) {
    return root.within(what);
  }

  /** Of a server of this site. */
  public abstract ClusterBuilder<? extends Cluster> cluster();

  /** That of its servers, where they are containers. */
  public Optional<ContainerNetwork> network() {
    return Optional.empty();
  }

  /** Starts a postmaster that clients reach by its socket alone, and does not wait. */
  abstract ServerRun launch(Path dataDirectory, List<String> arguments, ServerLog log);

  /** What of the site is still there beside its folder and processes, in words. */
  abstract List<String> remains(Path root);

  /**
   * What the site has left on this machine after {@link #close}: files, processes, and whatever else it had, in words.
   *
   * @param atMost how long what is about to end is waited for
   */
  public List<String> remains(Duration atMost) {
    List<String> found = new ArrayList<>();
    Poll.until(Duration.ofMillis(20), atMost, () -> {
      found.clear();
      if (Files.exists(root.path())) {
        found.add("folder " + root.path());
      }
      found.addAll(FolderProcesses.of(root.path()));
      found.addAll(remains(root.path()));
      return found.isEmpty();
    });
    return List.copyOf(found);
  }

  RunFolder root() {
    return root;
  }

  @Override
  public void close() {
    root.close();
  }
}
