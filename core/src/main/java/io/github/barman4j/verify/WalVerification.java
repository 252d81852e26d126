package io.github.barman4j.verify;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.Progress;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalReader;
import io.github.barman4j.postgres.WalRecord;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.postgres.WalStop;
import io.github.barman4j.repository.SealedObjects;
import io.github.barman4j.wal.WalArchive;
import io.github.barman4j.wal.WalCoverage;
import io.github.barman4j.wal.WalGap;
import io.github.barman4j.wal.WalPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the log from the oldest of some backups on, over every timeline that leads on from there. Used once, by one thread. */
final class WalVerification {
  private static final String DIRECTORY = "wal/";
  private static final String HISTORIES = "wal/history/";
  private static final String GAPS = "wal/gaps/";
  private static final String QUARANTINE = "wal/quarantine/";

  private final SealedObjects objects;
  private final WalArchive archive;
  private final Progress progress;
  private final WalSegmentSize size;
  private final SystemIdentifier system;
  private final Map<WalSegment, String> problems = new TreeMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Set<WalSegment> present = new TreeSet<>();
  private final Map<Timeline, TimelineHistory> histories = new HashMap<>();
  private final Set<String> knownGaps = new TreeSet<>();
  private List<WalGap> recordedGaps = List.of();
  private final Set<WalSegment> read = new TreeSet<>();

  /** @param backup any; all of a server have the same segment size and system */
  WalVerification(SealedObjects objects, WalArchive archive, Backup backup, Progress progress) {
    this.objects = objects;
    this.archive = archive;
    this.progress = progress;
    this.size = backup.segmentSize();
    this.system = backup.systemIdentifier();
  }

  /** @param everything whether also log is read that none of the backups can use */
  VerifiedWal run(List<Backup> backups, boolean everything) {
    listSegments();
    readHistories();
    readQuarantine();
    readGaps();
    WalCoverage coverage = WalCoverage.of(present);
    for (Backup backup : backups) {
      for (TimelineHistory leaf : leaves()) {
        if (leaf.timelineOf(backup.beginLsn()).equals(backup.beginTimeline())) {
          follow(coverage, leaf, backup.beginLsn());
        }
      }
      for (WalSegment segment : required(backup)) {
        if (!present.contains(segment)) {
          problems.put(segment, "the segment is missing");
        }
      }
    }
    if (everything) {
      for (Timeline timeline : histories.keySet()) {
        readAll(present.stream()
            .filter(segment -> segment.timeline().equals(timeline))
            .toList());
      }
    }
    problems.forEach((segment, problem) -> findings.add(finding(keyOf(segment), problem)));
    List<WalSegment> inOrder = List.copyOf(read);
    return new VerifiedWal(
        inOrder.size(),
        inOrder.stream().findFirst().map(WalSegment::name),
        inOrder.stream().reduce((a, b) -> b).map(WalSegment::name),
        List.copyOf(knownGaps),
        findings);
  }

  /** What is wrong with the log that a backup cannot be restored without. */
  List<Finding> ofBackup(Backup backup) {
    List<Finding> own = new ArrayList<>();
    for (WalSegment segment : required(backup)) {
      String problem = problems.get(segment);
      if (problem != null) {
        own.add(new Finding(backup.id().value(), keyOf(segment), "", List.of(), problem));
      }
    }
    return own;
  }

  private List<WalSegment> required(Backup backup) {
    TimelineHistory path =
        histories.getOrDefault(backup.endTimeline(), TimelineHistory.root(backup.endTimeline()));
    return WalCoverage.required(path, backup.beginLsn(), backup.endLsn(), size);
  }

  /** By their names alone: an object that cannot be read is there all the same. */
  private void listSegments() {
    for (String key : objects.list(DIRECTORY)) {
      String name = key.substring(key.lastIndexOf('/') + 1);
      if (!WalSegment.isName(name)) {
        continue;
      }
      try {
        WalSegment segment = WalSegment.parse(name, size);
        if (keyOf(segment).equals(key)) {
          present.add(segment);
        }
      } catch (BarmanException e) {
        findings.add(finding(key, e.problem()));
      }
    }
  }

  private void readHistories() {
    for (String key : objects.list(HISTORIES)) {
      String name = key.substring(HISTORIES.length());
      if (!TimelineHistory.isFileName(name)) {
        continue;
      }
      Timeline timeline = Timeline.parseHex(name.substring(0, 8));
      try {
        histories.put(timeline, archive.historyOf(timeline));
      } catch (BarmanException e) {
        findings.add(finding(key, e.problem()));
      }
    }
    for (WalSegment segment : present) {
      Timeline timeline = segment.timeline();
      if (timeline.id() > 1 && !histories.containsKey(timeline)) {
        histories.put(timeline, TimelineHistory.root(timeline));
        String key = HISTORIES + timeline.hex() + ".history";
        if (!objects.contains(key)) {
          findings.add(finding(
              key,
              "the history of timeline " + timeline.id() + ", which has segments, is missing"));
        }
      } else {
        histories.computeIfAbsent(timeline, TimelineHistory::root);
      }
    }
  }

  private void readQuarantine() {
    for (String key : objects.list(QUARANTINE)) {
      try (InputStream in = objects.open(key)) {
        in.transferTo(OutputStream.nullOutputStream());
      } catch (IntegrityException e) {
        findings.add(finding(key, e.problem()));
      } catch (IOException e) {
        throw failed(key, e);
      }
    }
  }

  /** The timelines that no other one continues. */
  private List<TimelineHistory> leaves() {
    return histories.values().stream()
        .filter(one -> histories.values().stream()
            .noneMatch(other -> other != one && other.contains(one.timeline())))
        .toList();
  }

  private void follow(WalCoverage coverage, TimelineHistory leaf, Lsn begin) {
    Lsn from = begin;
    while (true) {
      WalPath path = coverage.follow(leaf, from, size);
      readAll(path.segments());
      Optional<WalSegment> gap = path.gap();
      if (gap.isEmpty()) {
        return;
      }
      Lsn next = startAfter(leaf, gap.get());
      judgeGap(gap.get(), next);
      from = next;
    }
  }

  /** Where the log goes on behind a gap, as it does. */
  private Lsn startAfter(TimelineHistory leaf, WalSegment gap) {
    return present.stream()
        .filter(segment -> segment.number() > gap.number() && leaf.contains(segment.timeline()))
        .map(WalSegment::start)
        .min(Lsn::compareTo)
        .orElseGet(gap::end);
  }

  private void judgeGap(WalSegment gap, Lsn next) {
    Optional<WalGap> recorded = recordedGaps.stream()
        .filter(
            known -> known.from().compareTo(gap.start()) <= 0 && gap.start().isBefore(known.to()))
        .findFirst();
    recorded.ifPresent(known -> knownGaps.add(known.describe() + ": " + known.reason()));
    Lsn explained = recorded.map(WalGap::to).orElse(gap.start());
    if (explained.isBefore(next)) {
      problems.put(
          WalSegment.containing(gap.timeline(), explained, size),
          "the segment is missing, and the log goes on at " + next);
    }
  }

  private void readGaps() {
    try {
      recordedGaps = archive.gaps();
    } catch (IntegrityException e) {
      findings.add(finding(GAPS, e.problem()));
    }
  }

  /** Reads segments that follow each other; a record that runs over their border is read, too. */
  private void readAll(List<WalSegment> segments) {
    WalReader reader = null;
    WalSegment before = null;
    for (WalSegment segment : segments) {
      boolean follows = before != null && before.number() + 1 == segment.number();
      reader = read.contains(segment) ? null : read(segment, follows ? reader : null);
      read.add(segment);
      before = segment;
    }
  }

  /** Returns the reader when it has come to the segment's end and can go on. */
  private @Nullable WalReader read(WalSegment segment, @Nullable WalReader before) {
    try (InputStream in = archive.open(segment)) {
      WalReader reader = before;
      if (reader == null) {
        reader = WalReader.open(in, segment).expecting(system);
      } else {
        reader.continueWith(in, segment.timeline());
      }
      for (WalRecord record = reader.next(); record != null; record = reader.next()) {
        if (Thread.currentThread().isInterrupted()) {
          throw new BarmanException(
              ErrorCode.INTERRUPTED, "the verification was interrupted", "run it again");
        }
      }
      long bytes =
          reader.dataEnd().minus(segment.start()) + in.transferTo(OutputStream.nullOutputStream());
      progress.advance(bytes);
      if (bytes != size.bytes()) {
        problems.put(segment, "the segment has " + bytes + " bytes instead of " + size.bytes());
        return null;
      }
      return judge(segment, reader);
    } catch (BarmanException e) {
      if (e.code() == ErrorCode.INTERRUPTED) {
        throw e;
      }
      problems.put(segment, e.problem());
      return null;
    } catch (IOException e) {
      throw failed(keyOf(segment), e);
    }
  }

  private @Nullable WalReader judge(WalSegment segment, WalReader reader) {
    WalStop stop = reader.stop();
    boolean whole =
        stop.reason() == WalStop.Reason.END_OF_DATA && reader.dataEnd().equals(segment.end());
    if (whole) {
      archive.index(segment);
      return reader;
    }
    if (archive.index(segment).whole() || present.contains(segment.next())) {
      problems.put(
          segment,
          "the log ends at " + stop.end() + " in the middle of the segment: " + stop.detail());
    }
    return null;
  }

  private String keyOf(WalSegment segment) {
    return DIRECTORY + segment.timeline().hex() + "/" + segment.log() + "/" + segment.name();
  }

  private static Finding finding(String key, String problem) {
    return new Finding("", key, "", List.of(), problem);
  }

  private static BarmanException failed(String key, IOException e) {
    return new BarmanException(
        ErrorCode.REPOSITORY_IO,
        "reading " + key + " failed: " + e,
        "check the disk that holds the repository",
        e);
  }
}
