package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What to restore, where to, and what the restored server may do. Immutable; made by {@link #to}. */
public final class RestoreRequest {
  private static final Set<String> OURS = Set.of("restore_command", "recovery_end_command");

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
    if (target instanceof RecoveryTarget.Latest && action != TargetAction.PROMOTE) {
      throw new BarmanException(
          ErrorCode.TARGET_INVALID,
          "the action " + action.setting() + " needs a target",
          "a restore to the latest point always ends with promote; name a target or leave barman.targetAction out.");
    }
    if (testServer != null && keepArchiving) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "a test server may not keep archiving on",
          "it would write into the production archive; restore without barman.archiving=keep.");
    }
    for (String name : settings.keySet()) {
      if (name.startsWith("recovery_target") || OURS.contains(name)) {
        throw new BarmanException(
            ErrorCode.INVALID_VALUE,
            "the setting " + name + " is decided by the restore itself",
            "name the target instead.");
      }
    }
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

    /** @throws BarmanException (TARGET_INVALID, INVALID_VALUE) when the parts do not go together */
    public RestoreRequest build() {
      return new RestoreRequest(this);
    }
  }
}
