package io.github.barman4j.receive;

import io.github.barman4j.BarmanException;
import io.github.barman4j.DurableFile;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.SpoolFiles;
import io.github.barman4j.wal.WalCoverage;
import io.github.barman4j.wal.WalCoverage.Range;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds out whether what is held is more, or other, than the past of the server that is about to be received from. */
final class Divergence {
  private Divergence() {}

  /**
   * Refuses a server that is on an older timeline than what was received already: an old primary that has come back.
   *
   * @throws BarmanException TIMELINE_UNKNOWN
   */
  static void refuseOlder(
      TimelineHistory server, WalCoverage archived, Collection<PartialSegment> spooled) {
    Timeline newest = server.timeline();
    for (Range range : archived.ranges()) {
      newest = later(newest, range.first().timeline());
    }
    for (PartialSegment partial : spooled) {
      newest = later(newest, partial.segment().timeline());
    }
    if (!newest.equals(server.timeline())) {
      throw new BarmanException(
          ErrorCode.TIMELINE_UNKNOWN,
          "the server is on timeline " + server.timeline() + ", but timeline " + newest
              + " was received already",
          "is this the old primary after a failover? connect to the current one; give a server that was set back on purpose a name of its own in the repository");
    }
  }

  private static Timeline later(Timeline a, Timeline b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  /**
   * Where the server's past left a timeline of which more is held.
   *
   * @return for each such timeline, the position from which on what is held is not part of the server's past
   * @throws IOException when a spool file cannot be read
   */
  static Map<Timeline, Lsn> tails(
      TimelineHistory server,
      WalCoverage archived,
      Collection<PartialSegment> spooled,
      SpoolFiles files)
      throws IOException {
    Map<Timeline, Lsn> tails = new TreeMap<>();
    for (Range range : archived.ranges()) {
      Timeline timeline = range.first().timeline();
      server
          .endOf(timeline)
          .filter(left -> range.last().end().isAfter(left))
          .ifPresent(left -> tails.put(timeline, left));
    }
    for (PartialSegment partial : spooled) {
      Timeline timeline = partial.segment().timeline();
      Lsn left = server.endOf(timeline).orElse(null);
      if (left != null && hasBytesFrom(partial, left, files)) {
        tails.put(timeline, left);
      }
    }
    return tails;
  }

  /**
   * Renames the spool's files that hold such bytes, durably; a file that another one of that name is in the way of stays as it is.
   *
   * @return the new names
   */
  static List<Path> keep(Map<Timeline, Lsn> tails, Collection<PartialSegment> spooled)
      throws IOException {
    List<Path> kept = new ArrayList<>();
    for (PartialSegment partial : spooled) {
      WalSegment segment = partial.segment();
      Lsn left = tails.get(segment.timeline());
      if (partial.whole() || left == null || !segment.end().isAfter(left)) {
        continue;
      }
      Path name = partial.file().resolveSibling(segment.name() + PartialSegment.DIVERGENT_SUFFIX);
      if (!partial.divergent() && !Files.exists(name)) {
        DurableFile.rename(partial.file(), name);
        kept.add(name);
      }
    }
    return kept;
  }

  private static boolean hasBytesFrom(PartialSegment partial, Lsn position, SpoolFiles files)
      throws IOException {
    Lsn start = partial.segment().start();
    try (InputStream in = files.open(partial.segment(), partial.file())) {
      long before = Math.max(0, Math.min(partial.segment().size().bytes(), position.minus(start)));
      while (before > 0) {
        long skipped = in.skip(before);
        if (skipped == 0) {
          return false;
        }
        before -= skipped;
      }
      byte[] buffer = new byte[64 << 10];
      for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
        for (int i = 0; i < read; i++) {
          if (buffer[i] != 0) {
            return true;
          }
        }
      }
      return false;
    }
  }
}
