package io.github.barman4j.wal;

import io.github.barman4j.BarmanException;
import io.github.barman4j.BlockHash;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.repository.SealedObjects;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The histories of a {@link WalArchive}, which documents the methods. */
final class WalHistories {
  private final SealedObjects objects;
  private final Quarantine quarantine;

  WalHistories(SealedObjects objects, Quarantine quarantine) {
    this.objects = objects;
    this.quarantine = quarantine;
  }

  boolean store(Timeline timeline, byte[] content) {
    parse(timeline, content);
    String key = WalKeys.ofHistory(timeline);
    if (objects.putIfAbsent(key, content)) {
      return true;
    }
    if (Arrays.equals(objects.get(key), content)) {
      return false;
    }
    String kept;
    try {
      kept = quarantine.keep(
          timeline.hex() + ".history", BlockHash.of(content), new ByteArrayInputStream(content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new BarmanException(
        ErrorCode.WAL_DIFFERS,
        "the history of timeline " + timeline
            + " is not the one that the archive has; it is kept as " + kept,
        "two servers were promoted to the same timeline: find out which one is right, and let only that one archive under this server name");
  }

  Optional<byte[]> content(Timeline timeline) {
    return objects.find(WalKeys.ofHistory(timeline));
  }

  TimelineHistory of(Timeline timeline) {
    return content(timeline)
        .map(content -> parse(timeline, content))
        .orElseGet(() -> TimelineHistory.root(timeline));
  }

  List<TimelineHistory> all() {
    List<TimelineHistory> all = new ArrayList<>();
    for (String key : objects.list(WalKeys.HISTORIES)) {
      WalKeys.historyIn(key).ifPresent(timeline -> all.add(of(timeline)));
    }
    return List.copyOf(all);
  }

  private static TimelineHistory parse(Timeline timeline, byte[] content) {
    return TimelineHistory.parse(timeline, new String(content, StandardCharsets.UTF_8));
  }
}
