package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.RunFolder;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.postgres.Lsn;
import java.nio.file.Path;
import java.util.concurrent.Future;

/**
 * Everything that one run of a scenario needs: the server to break, and the host that survives. {@link #close()} removes it all, in the
 * opposite order, also when a part of it fails to close.
 */
final class Stage implements AutoCloseable {
  private final DrillRequest request;
  private final EventSink sink;
  private final RunFolder folder;
  private final Primary primary;
  private final BackupHost host;

  private Stage(
      DrillRequest request, EventSink sink, RunFolder folder, Primary primary, BackupHost host) {
    this.request = request;
    this.sink = sink;
    this.folder = folder;
    this.primary = primary;
    this.host = host;
  }

  /** Starts and fills the server; neither load nor receiver runs yet. */
  static Stage open(DrillRequest request, EventSink sink) {
    return open(request, sink, Primary.Settings.NONE);
  }

  /** The same with a server that has settings of its own. */
  static Stage open(DrillRequest request, EventSink sink, Primary.Settings settings) {
    RunFolder folder = RunFolder.create("drill");
    Primary primary = null;
    boolean opened = false;
    try {
      primary = Primary.start(request, folder.path().resolve("ledger"), settings);
      EmbeddedCluster cluster = primary.cluster();
      BackupHost host = new BackupHost(
          folder.path(),
          new ServerConnection(
              cluster.jdbcUrl(Primary.DATABASE), cluster.user(), cluster.password()),
          new EngineEvents(sink));
      Stage stage = new Stage(request, sink, folder, primary, host);
      opened = true;
      return stage;
    } finally {
      if (!opened) {
        try (folder) {
          if (primary != null) {
            primary.close();
          }
        }
      }
    }
  }

  /** Starts the receiver and the load, takes a backup under it, and waits for commits after the backup. */
  Backup backupUnderLoad(int commitsAfterwards) {
    host.startReceiver();
    primary.requireStreaming(host);
    primary.startLoad(request);
    return anotherBackup(commitsAfterwards);
  }

  /** Takes a backup while the load runs, and waits for commits after it. */
  Backup anotherBackup(int commitsAfterwards) {
    Backup backup = host.backup();
    tell("backup " + backup.id() + " taken under load");
    awaitCommits(commitsAfterwards, "the backup", backup.endLsn());
    return backup;
  }

  /** The same, and the server begins a new segment while the backup is taken, so that it needs two at least. */
  Backup backupOverTwoSegments(int commitsAfterwards) {
    try (TaskGroup aside = TaskGroup.of("drill-backup", 1, 0)) {
      Future<Backup> running = aside.submit(() -> host.backup(BackupHost.SLOWLY));
      primary.awaitBaseBackup(running::isDone);
      primary.switchSegment();
      Backup backup = TaskGroup.get(running);
      tell("backup " + backup.id() + " taken under load, with WAL from "
          + backup.firstSegment().name() + " to " + backup.lastSegment().name());
      awaitCommits(commitsAfterwards, "the backup", backup.endLsn());
      return backup;
    }
  }

  /** Waits for so many acknowledged commits after a position. */
  void awaitCommits(int commits, String afterWhat, Lsn position) {
    primary.awaitLoad(
        commits + " commits after " + afterWhat,
        ledger -> ledger.acknowledgedFrom(position) >= commits);
  }

  DrillRequest request() {
    return request;
  }

  /** Something that a reader may want to know while it runs. */
  void tell(String text) {
    sink.info(text);
  }

  Primary primary() {
    return primary;
  }

  BackupHost host() {
    return host;
  }

  /** A path that does not exist yet. */
  Path path(String name) {
    return folder.path().resolve(name);
  }

  /** A new empty folder that servers can write to. */
  Path newFolder(String name) {
    return folder.newFolder(name);
  }

  @Override
  public void close() {
    try (folder) {
      try (primary) {
        host.close();
      }
    }
  }
}
