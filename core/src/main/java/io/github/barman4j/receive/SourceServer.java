package io.github.barman4j.receive;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.protocol.ReplicationConnection;
import io.github.barman4j.protocol.ReplicationSlot;
import io.github.barman4j.protocol.SystemIdentity;
import io.github.barman4j.wal.WalArchive;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server says of itself before log is streamed from it.
 *
 * @param history of its timeline; archived already
 * @param flushed up to where its log is durable
 */
record SourceServer(
    SystemIdentifier system, WalSegmentSize segmentSize, TimelineHistory history, Lsn flushed) {
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,10})(B|kB|MB|GB)");

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
        identity.flushed());
  }

  /** Archives the history of a timeline, so that it is there before the timeline's segments. */
  static TimelineHistory history(
      ReplicationConnection connection, Timeline timeline, WalArchive archive) {
    if (timeline.equals(Timeline.FIRST)) {
      return TimelineHistory.root(timeline);
    }
    byte[] content = connection.timelineHistory(timeline);
    archive.storeHistory(timeline, content);
    return TimelineHistory.parse(timeline, new String(content, StandardCharsets.UTF_8));
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

  /**
   * The slot, made where it is missing and may be.
   *
   * @throws BarmanException SLOT_MISSING, or what the server refuses
   */
  static ReplicationSlot slot(
      ReplicationConnection connection, ReceiveSettings settings, EventSink events) {
    Optional<ReplicationSlot> slot = connection.readSlot(settings.slot());
    if (slot.isEmpty()) {
      if (!settings.createSlot()) {
        throw new BarmanException(
            ErrorCode.SLOT_MISSING,
            "the server has no replication slot '" + settings.slot() + "'",
            "create it with pg_create_physical_replication_slot('" + settings.slot()
                + "', true), or let the receiver do it (barman.createSlot)");
      }
      connection.createSlot(settings.slot(), false, true);
      events.info("replication slot '" + settings.slot() + "' was created");
      slot = connection.readSlot(settings.slot());
    }
    return slot.orElseThrow(() -> new BarmanException(
        ErrorCode.SLOT_MISSING,
        "the replication slot '" + settings.slot() + "' was dropped while the receiver began",
        "start the receiver again"));
  }
}
