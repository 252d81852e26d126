package io.github.barman4j.server;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.protocol.ArchiveCompression;
import io.github.barman4j.protocol.BaseBackupItem;
import io.github.barman4j.protocol.BaseBackupOptions;
import io.github.barman4j.protocol.BaseBackupStream;
import io.github.barman4j.protocol.ReplicationConnection;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Reads a server's files over the replication protocol, in one stream. Owns the connection and closes it. */
public final class StreamPageSource implements PageSource {
  /** Fast enough not to be what the backup waits for, and a quarter of the bytes. */
  private static final int ZSTD_LEVEL = 1;

  private static final int GZIP_LEVEL = 1;

  private final ReplicationConnection connection;
  private final StreamSettings settings;
  private final EventSink events;
  private final Runnable whileWaiting;
  private @Nullable BaseBackupStream stream;
  private boolean complete;

  /** @param whileWaiting as for {@link ReplicationConnection#baseBackup} */
  public StreamPageSource(
      ReplicationConnection connection,
      StreamSettings settings,
      EventSink events,
      Runnable whileWaiting) {
    this.connection = connection;
    this.settings = settings;
    this.events = events;
    this.whileWaiting = whileWaiting;
  }

  /**
   * {@inheritDoc}
   *
   * @throws BarmanException COMPRESSION_UNAVAILABLE for lz4, which is not decompressed here
   */
  @Override
  public BackupStart start() {
    Queue<ArchiveCompression> choices = choices();
    while (true) {
      ArchiveCompression choice = choices.remove();
      try {
        BaseBackupStream begun = connection.baseBackup(options(choice), whileWaiting);
        stream = begun;
        return new BackupStart(
            begun.start(),
            begun.startTimeline(),
            begun.tablespaces().stream()
                .map(t -> new SourceTablespace(t.oid(), "", t.location()))
                .toList(),
            begun.estimatedBytes(),
            choice.option());
      } catch (BarmanException e) {
        ArchiveCompression next = choices.peek();
        if (e.code() != ErrorCode.COMPRESSION_UNAVAILABLE || next == null) {
          throw e;
        }
        fallBack(choice, next, e);
      }
    }
  }

  private Queue<ArchiveCompression> choices() {
    return new ArrayDeque<>(
        switch (settings.compression()) {
          case AUTO ->
            connection.isLocal()
                ? List.of(ArchiveCompression.NONE)
                : List.of(ArchiveCompression.ZSTD, ArchiveCompression.NONE);
          case ZSTD ->
            List.of(ArchiveCompression.ZSTD, ArchiveCompression.GZIP, ArchiveCompression.NONE);
          case GZIP -> List.of(ArchiveCompression.GZIP, ArchiveCompression.NONE);
          case NONE -> List.of(ArchiveCompression.NONE);
          case LZ4 ->
            throw new BarmanException(
                ErrorCode.COMPRESSION_UNAVAILABLE,
                "wire compression lz4 cannot be read by this engine",
                "choose zstd, gzip, none, or auto.");
        });
  }

  private BaseBackupOptions options(ArchiveCompression choice) {
    Integer level = switch (choice) {
      case ZSTD -> ZSTD_LEVEL;
      case GZIP -> GZIP_LEVEL;
      case NONE, LZ4 -> null;
    };
    return BaseBackupOptions.labelled(settings.label())
        .withFastCheckpoint(settings.fastCheckpoint())
        .withMaxRateKiB(settings.maxRateKiB())
        .withCompression(choice, level);
  }

  private void fallBack(ArchiveCompression from, ArchiveCompression to, BarmanException why) {
    String text = why.problem() + "; going on with " + to.option();
    if (settings.compression() == WireCompression.AUTO) {
      events.info(text);
    } else {
      events.warn(
          text,
          "this server is built without " + from.option()
              + "; wire compression auto takes what there is.");
    }
  }

  @Override
  public void read(SourceVisitor visitor) {
    BaseBackupStream running = running();
    ArchiveMembers members = new ArchiveMembers(running.tablespaces(), visitor);
    BaseBackupItem item = running.next();
    while (item != null) {
      ArchiveBytes bytes = new ArchiveBytes(running);
      if (item instanceof BaseBackupItem.Archive archive) {
        members.read(archive, bytes);
      } else if (item instanceof BaseBackupItem.Manifest) {
        manifest(bytes, members.lastModified(), visitor);
      } else if (item instanceof BaseBackupItem.Data) {
        throw new BarmanException(
            ErrorCode.PROTOCOL_VIOLATION,
            "the server sends bytes that belong to no archive",
            "is there a PostgreSQL server behind this address?");
      }
      item = item instanceof BaseBackupItem.Progress ? running.next() : bytes.following();
    }
    members.checkComplete();
    complete = true;
  }

  private static void manifest(ArchiveBytes bytes, Instant modified, SourceVisitor visitor) {
    try (ManifestSpool spool = new ManifestSpool()) {
      spool.fill(bytes);
      visitor.file(new SourceFile("backup_manifest", 0600, modified, spool.size()), spool.open());
    }
  }

  @Override
  public BackupStop stop() {
    BaseBackupStream running = running();
    if (!complete) {
      throw new IllegalStateException("the base backup was not read to its end");
    }
    return new BackupStop(running.end(), running.endTimeline());
  }

  private BaseBackupStream running() {
    if (stream == null) {
      throw new IllegalStateException("the base backup was not started");
    }
    return stream;
  }

  /** Never waits for the server longer than a second; before the end it gives the base backup up. */
  @Override
  public void close() {
    if (stream != null) {
      stream.close();
    }
    connection.close();
  }
}
