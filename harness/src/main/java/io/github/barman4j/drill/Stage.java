package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.Secret;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.Cluster;
import io.github.barman4j.cluster.RunFolder;
import io.github.barman4j.cluster.Site;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.fault.Disk;
import io.github.barman4j.fault.Network;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.report.Traffic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one run of a scenario needs: the server to break, and the host that survives. {@link #close()} removes it all, in the
 * opposite order, also when a part of it fails to close.
 */
final class Stage implements AutoCloseable {
  private static final DiskMaker NO_DISK = folder -> null;
  private static final DiskMaker OWN_DISK =
      folder -> Disk.of(folder.resolve("host"), folder.resolve("forced"));

  private final DrillRequest request;
  private final EventSink sink;
  private final Site site;
  private final RunFolder folder;
  private final Primary primary;
  private final @Nullable Disk disk;
  private final ReceivedWatch watch = new ReceivedWatch();
  private @Nullable Network network;
  private BackupHost host;
  private @Nullable Cluster other;

  private Stage(
      DrillRequest request,
      EventSink sink,
      Site site,
      RunFolder folder,
      Primary primary,
      @Nullable Disk disk,
      @Nullable Secret passphrase) {
    this.request = request;
    this.sink = sink;
    this.site = site;
    this.folder = folder;
    this.primary = primary;
    this.disk = disk;
    this.host = disk == null
        ? newHost(folder.path(), passphrase, null)
        : newHost(disk.root(), passphrase, disk);
  }

  private BackupHost newHost(Path place, @Nullable Secret passphrase, @Nullable Disk itsDisk) {
    return new BackupHost(
        place, DrillNetwork.direct(primary), new EngineEvents(sink), watch, passphrase, itsDisk);
  }

  /** Starts and fills the server; neither load nor receiver runs yet. */
  static Stage open(DrillRequest request, EventSink sink) {
    return open(request, sink, Primary.Settings.NONE);
  }

  /** The same with a server that has settings of its own. */
  static Stage open(DrillRequest request, EventSink sink, Primary.Settings settings) {
    return open(request, sink, settings, NO_DISK, null);
  }

  /** The same with a repository that is encrypted. */
  static Stage openEncrypted(DrillRequest request, EventSink sink, Secret passphrase) {
    return open(request, sink, Primary.Settings.NONE, NO_DISK, passphrase);
  }

  /** The same, and the backup host has its files on a disk that can be broken. */
  static Stage openOnDisk(DrillRequest request, EventSink sink, Primary.Settings settings) {
    return open(request, sink, settings, OWN_DISK, null);
  }

  /** For a scenario of one's own, which breaks such parts. */
  static Stage openFor(DrillRequest request, EventSink sink, Set<Breakable> breakable) {
    return open(
        request,
        sink,
        Primary.Settings.NONE,
        breakable.contains(Breakable.DISK) ? OWN_DISK : NO_DISK,
        breakable.contains(Breakable.KEY) ? Secret.of(UUID.randomUUID().toString()) : null);
  }

  /** Makes what the backup host has its files on; null: the machine's own file system. */
  private interface DiskMaker {
    @Nullable
    Disk in(Path folder) throws IOException;
  }

  private static Stage open(
      DrillRequest request,
      EventSink sink,
      Primary.Settings settings,
      DiskMaker disks,
      @Nullable Secret passphrase) {
    Site site = request.openSite();
    Primary primary = null;
    boolean opened = false;
    try {
      RunFolder folder = site.newFolder("drill");
      primary = Primary.start(site, request, folder.path().resolve("ledger"), settings);
      Stage stage =
          new Stage(request, sink, site, folder, primary, disks.in(folder.path()), passphrase);
      opened = true;
      return stage;
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED, "no disk could be made for the backup host", "see the cause", e);
    } finally {
      if (!opened) {
        try (site) {
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
      primary.awaitBaseBackup(0, running::isDone);
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

  /** Of {@link #openOnDisk}. */
  Disk disk() {
    Disk found = disk;
    if (found == null) {
      throw new IllegalStateException("the backup host has no disk of its own");
    }
    return found;
  }

  /** Another backup host takes over from the one that is broken, with what lies in a folder. */
  void moveHost(Path place) {
    host.abandon();
    host = newHost(place, null, null);
  }

  /** Another cluster, with a system identifier of its own; started when it is asked for first. */
  ServerConnection otherServer() {
    Cluster started = other;
    if (started == null) {
      started = primary.cluster().sibling().start();
      other = started;
    }
    return new ServerConnection(started.jdbcUrl("postgres"), started.user(), started.password());
  }

  /** Opened when it is first asked for. */
  Network network(NetworkMeans means) {
    if (network == null) {
      network = means.open(site);
    }
    return network;
  }

  /** What went on at the server over time; a fault is where it begins to count. */
  Optional<Traffic> traffic(long faultNanos) {
    return TrafficCurve.of(primary.ledger().entries(), watch.seen(), faultNanos);
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
    try (site;
        folder) {
      try (primary;
          watch;
          Cluster foreign = other;
          Network broken = network) {
        host.close();
      }
    }
  }
}
