package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What to restore, where to, and what the restored server may do. Immutable; made by {@link #to}. */
public final class RestoreRequest {
  private final Path directory;
  private final @Nullable String backup;
  private final RecoveryTarget target;
  private final TargetTimeline timeline;
  private final TargetAction action;
  private final Map<String, Path> tablespaces;
  private final boolean keepArchiving;
  private final boolean keepSynchronousStandbys;
  private final @Nullable String owner;
  private final @Nullable TestServer testServer;
  private final Map<String, String> settings;
  private final boolean delta;
  private final boolean standby;
  private final @Nullable String primaryConninfo;
  private final @Nullable Path postgresBin;
  private final boolean acceptDamaged;

  private RestoreRequest(Builder builder) {
    directory = builder.directory.toAbsolutePath().normalize();
    backup = builder.backup;
    target = builder.target;
    timeline = builder.timeline;
    action = builder.action;
    tablespaces = Map.copyOf(builder.tablespaces);
    keepArchiving = builder.keepArchiving;
    keepSynchronousStandbys = builder.keepSynchronousStandbys;
    owner = builder.owner;
    testServer = builder.testServer;
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(builder.settings));
    delta = builder.delta;
    standby = builder.standby;
    primaryConninfo = builder.primaryConninfo;
    postgresBin = builder.postgresBin;
    acceptDamaged = builder.acceptDamaged;
    new RequestRules(this).check();
  }

  /** Begins a request that restores everything there is into a directory that is empty or not there yet. */
  public static Builder to(Path directory) {
    return new Builder(directory);
  }

  /** Absolute. */
  public Path directory() {
    return directory;
  }

  /** What the user calls the backup; empty to choose it for the target. */
  public Optional<String> backup() {
    return Optional.ofNullable(backup);
  }

  public RecoveryTarget target() {
    return target;
  }

  public TargetTimeline timeline() {
    return timeline;
  }

  public TargetAction action() {
    return action;
  }

  /** New locations by tablespace name. */
  public Map<String, Path> tablespaces() {
    return tablespaces;
  }

  /** Whether archive_mode, archive_command and archive_library stay as they were. */
  public boolean keepArchiving() {
    return keepArchiving;
  }

  /** Whether synchronous_standby_names stays: then commits wait until such a standby is there. */
  public boolean keepSynchronousStandbys() {
    return keepSynchronousStandbys;
  }

  /** The user who gets the files; empty for the default: as root postgres, else whoever runs the restore. */
  public Optional<String> owner() {
    return Optional.ofNullable(owner);
  }

  public Optional<TestServer> testServer() {
    return Optional.ofNullable(testServer);
  }

  /** Whether a directory that holds this cluster already is made equal to the backup, instead of being refused. */
  public boolean delta() {
    return delta;
  }

  /** Whether the restored server goes on as a standby, instead of being promoted. */
  public boolean standby() {
    return standby;
  }

  /** What the standby connects to its primary with; empty for one that has only the archive's WAL. */
  public Optional<String> primaryConninfo() {
    return Optional.ofNullable(primaryConninfo);
  }

  /** The folder of the programs that the restored cluster will be started with, if it is known. */
  public Optional<Path> postgresBin() {
    return Optional.ofNullable(postgresBin);
  }

  /** Whether the named backup is restored although it is marked as damaged. */
  public boolean acceptDamaged() {
    return acceptDamaged;
  }

  /** What the caller wants to be set besides what the restore decides. */
  Map<String, String> ownSettings() {
    return settings;
  }

  /** More settings for postgresql.auto.conf, those of the test server first. */
  Map<String, String> settings() {
    Map<String, String> all = new LinkedHashMap<>();
    testServer().ifPresent(server -> all.putAll(server.settings()));
    all.putAll(settings);
    return all;
  }

  /** Collects a request. Not thread-safe. */
  public static final class Builder {
    private final Path directory;
    private @Nullable String backup;
    private RecoveryTarget target = new RecoveryTarget.Latest();
    private TargetTimeline timeline = new TargetTimeline.Latest();
    private TargetAction action = TargetAction.PROMOTE;
    private Map<String, Path> tablespaces = Map.of();
    private boolean keepArchiving;
    private boolean keepSynchronousStandbys;
    private @Nullable String owner;
    private @Nullable TestServer testServer;
    private Map<String, String> settings = Map.of();
    private boolean delta;
    private boolean standby;
    private @Nullable String primaryConninfo;
    private @Nullable Path postgresBin;
    private boolean acceptDamaged;

    private Builder(Path directory) {
      this.directory = directory;
    }

    /** An id, a name, latest or oldest; null to choose the backup for the target. */
    public Builder backup(@Nullable String selector) {
      backup = selector;
      return this;
    }

    public Builder target(RecoveryTarget newTarget) {
      target = newTarget;
      return this;
    }

    public Builder timeline(TargetTimeline newTimeline) {
      timeline = newTimeline;
      return this;
    }

    public Builder action(TargetAction newAction) {
      action = newAction;
      return this;
    }

    public Builder tablespaces(Map<String, Path> locationsByName) {
      tablespaces = locationsByName;
      return this;
    }

    public Builder keepArchiving(boolean keep) {
      keepArchiving = keep;
      return this;
    }

    public Builder keepSynchronousStandbys(boolean keep) {
      keepSynchronousStandbys = keep;
      return this;
    }

    public Builder owner(@Nullable String user) {
      owner = user;
      return this;
    }

    public Builder testServer(@Nullable TestServer server) {
      testServer = server;
      return this;
    }

    /** More settings for postgresql.auto.conf, by name; the target's own are refused. */
    public Builder settings(Map<String, String> valuesByName) {
      settings = valuesByName;
      return this;
    }

    /**
     * Allows a directory that holds a stopped cluster of the same system identifier: files that the backup does not have are deleted
     * from it, and of the others the blocks that differ are written.
     */
    public Builder delta(boolean over) {
      delta = over;
      return this;
    }

    /** A server that follows the latest timeline and stays in recovery until it is promoted. */
    public Builder standby(boolean stays) {
      standby = stays;
      return this;
    }

    /** The setting of this name, for a standby: without a password, which belongs into a password file. */
    public Builder primaryConninfo(@Nullable String conninfo) {
      primaryConninfo = conninfo;
      return this;
    }

    /** Where {@code postgres} is that the cluster will be started with: refuses one of another major version. */
    public Builder postgresBin(@Nullable Path folder) {
      postgresBin = folder;
      return this;
    }

    /**
     * Restores the backup that is named although it is marked as damaged: pages that were bad when it was taken come back as they
     * were; what cannot be read any more still fails.
     */
    public Builder acceptDamaged(boolean accept) {
      acceptDamaged = accept;
      return this;
    }

    /** @throws BarmanException (TARGET_INVALID, INVALID_VALUE) when the parts do not go together */
    public RestoreRequest build() {
      return new RestoreRequest(this);
    }
  }
}
