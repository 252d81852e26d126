package io.github.barman4j.receive;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.TimelineHistory.Entry;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.protocol.ReplicationConnection;
import io.github.barman4j.protocol.ServerErrorException;
import io.github.barman4j.protocol.SystemIdentity;
import io.github.barman4j.wal.WalArchive;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server says of itself before log is streamed from it.
 *
 * @param history of its timeline; archived already
 * @param flushed up to where its log is durable
 * @param standby whether it was in recovery when the connection was made
 * @param walSenderTimeout after which silence of the receiver it ends the connection; zero when it never does
 */
record SourceServer(
    SystemIdentifier system,
    WalSegmentSize segmentSize,
    TimelineHistory history,
    Lsn flushed,
    boolean standby,
    Duration walSenderTimeout) {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,10})(B|kB|MB|GB)");
  private static final Pattern TIME = Pattern.compile("([0-9]{1,10})(ms|s|min|h|d)?");
  private static final String NO_SUCH_FILE = "58P01";

  /**
   * Asks a server, and makes sure that the archive is this cluster's.
   *
   * @throws BarmanException REPOSITORY_OTHER_SYSTEM, WAL_DIFFERS for another history of the timeline, or what the server refuses
   */
  static SourceServer meet(ReplicationConnection connection, WalArchive archive) {
    SystemIdentity identity = connection.identifySystem();
    archive.claim(identity.systemIdentifier(), connection.serverVersion().major());
    return new SourceServer(
        identity.systemIdentifier(),
        segmentSize(connection),
        history(connection, identity.timeline(), archive),
        identity.flushed(),
        connection.isStandby(),
        time(connection.show("wal_sender_timeout")));
  }

  /**
   * Archives the history of a timeline, and those of its ancestors that the server has, so that they are there before the segments.
   *
   * @throws BarmanException WAL_DIFFERS when the archive has another one for any of these timelines
   */
  static TimelineHistory history(
      ReplicationConnection connection, Timeline timeline, WalArchive archive) {
    if (timeline.equals(Timeline.FIRST)) {
      return TimelineHistory.root(timeline);
    }
    byte[] content = connection.timelineHistory(timeline);
    archive.storeHistory(timeline, content);
    TimelineHistory history =
        TimelineHistory.parse(timeline, new String(content, StandardCharsets.UTF_8));
    for (Entry ancestor : history.entries()) {
      if (!ancestor.timeline().equals(Timeline.FIRST)) {
        ancestorHistory(connection, ancestor.timeline(), archive);
      }
    }
    return history;
  }

  private static void ancestorHistory(
      ReplicationConnection connection, Timeline ancestor, WalArchive archive) {
    byte[] content;
    try {
      content = connection.timelineHistory(ancestor);
    } catch (ServerErrorException e) {
      if (e.sqlState().equals(NO_SUCH_FILE)) {
        // It was promoted on another server and never archived to this one.
        return;
      }
      throw e;
    }
    archive.storeHistory(ancestor, content);
  }

  /** As SHOW prints it: a number without a unit is 0 or milliseconds. */
  static Duration time(String shown) {
    Matcher matcher = TIME.matcher(shown);
    if (!matcher.matches()) {
      throw new BarmanException(
          ErrorCode.PROTOCOL_VIOLATION,
          "the server shows '" + shown + "' as wal_sender_timeout",
          "is a proxy in between?");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (String.valueOf(matcher.group(2))) {
      case "s" -> Duration.ofSeconds(number);
      case "min" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      case "d" -> Duration.ofDays(number);
      default -> Duration.ofMillis(number);
    };
  }

  static WalSegmentSize segmentSize(ReplicationConnection connection) {
    String shown = connection.show("wal_segment_size");
    Matcher matcher = SIZE.matcher(shown);
    if (!matcher.matches()) {
      throw new BarmanException(
          ErrorCode.PROTOCOL_VIOLATION,
          "the server shows '" + shown + "' as wal_segment_size",
          "is a proxy in between?");
    }
    long unit = switch (matcher.group(2)) {
      case "B" -> 1;
      case "kB" -> 1 << 10;
      case "MB" -> 1 << 20;
      default -> 1 << 30;
    };
    return new WalSegmentSize(
        (int) Math.min(Integer.MAX_VALUE, unit * Long.parseLong(matcher.group(1))));
  }
}
