package io.github.barman4j.cluster;

import io.github.barman4j.Secret;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a cluster that does not run yet, wherever it will run. Not thread-safe.
 *
 * @param <C> what comes of it
 */
public final class ClusterBuilder<C extends Cluster> {
  private final Kind<C> kind;
  private final Map<String, String> settings = new LinkedHashMap<>();
  private final List<String> initdbOptions = new ArrayList<>();
  private Secret password = Secret.of(UUID.randomUUID().toString());
  private @Nullable Path existing;
  private boolean dataChecksums = true;

  /** What differs between servers here and there. */
  interface Kind<C> {
    /** Of PostgreSQL. */
    String version();

    RunFolder newFolder();

    /** Runs {@code initdb} as the account of the folder, and lets in who must reach the server. */
    Command.Result initialize(RunFolder folder, Path dataDirectory, List<String> options);

    C cluster(
        RunFolder folder, Path dataDirectory, Map<String, String> commandLine, Secret password);
  }

  ClusterBuilder(Kind<C> kind) {
    this.kind = kind;
    ServerCluster.DURABLE.forEach(name -> settings.put(name, "on"));
  }

  /** In postgresql.conf of a new cluster, on the command line of an existing one. */
  public ClusterBuilder<C> setting(String name, String value) {
    settings.put(name, value);
    return this;
  }

  /** For instance {@code --wal-segsize=1}. */
  public ClusterBuilder<C> initdbOption(String option) {
    initdbOptions.add(option);
    return this;
  }

  /** A new cluster whose pages have no checksums. */
  public ClusterBuilder<C> withoutDataChecksums() {
    dataChecksums = false;
    return this;
  }

  /** The superuser's password; an existing data directory has its own. */
  public ClusterBuilder<C> password(Secret password) {
    this.password = password;
    return this;
  }

  /** Runs on this data directory, which must belong to {@link Cluster#fileOwner()}. */
  public ClusterBuilder<C> existing(Path dataDirectory) {
    this.existing = dataDirectory;
    return this;
  }

  /** Starts the server and waits until it accepts connections that write. */
  public C start() {
    C cluster = create();
    boolean started = false;
    try {
      cluster.start();
      started = true;
      return cluster;
    } finally {
      if (!started) {
        cluster.close();
      }
    }
  }

  /** Makes the cluster without starting it. */
  public C create() {
    RunFolder folder = kind.newFolder();
    boolean created = false;
    try {
      Path dataDirectory = existing;
      if (dataDirectory == null) {
        dataDirectory = folder.path().resolve("data");
        ClusterFiles.initialize(kind, folder, dataDirectory, password, initdbOptions());
        ClusterFiles.configure(dataDirectory, settings);
      }
      Map<String, String> commandLine = existing == null ? Map.of() : settings;
      C cluster = kind.cluster(folder, dataDirectory, commandLine, password);
      created = true;
      return cluster;
    } finally {
      if (!created) {
        folder.close();
      }
    }
  }

  /** Since 18 checksums are on unless refused, and only since then can they be refused (initdb's manual page). */
  private List<String> initdbOptions() {
    List<String> options = new ArrayList<>(initdbOptions);
    if (dataChecksums) {
      options.add("--data-checksums");
    } else if (PostgresBinaries.major(kind.version()) >= 18) {
      options.add("--no-data-checksums");
    }
    return options;
  }
}
