package io.github.barman4j.wal;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.TimelineHistory.Span;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Which segments there are, as contiguous ranges per timeline. Pure and immutable.
 *
 * @param ranges in order of timeline and number; two of one timeline never touch
 */
public record WalCoverage(List<Range> ranges) {
  public static final WalCoverage NONE = new WalCoverage(List.of());

  /**
   * Consecutive segments of one timeline.
   *
   * @param last included
   */
  public record Range(WalSegment first, WalSegment last) {
    public boolean contains(WalSegment segment) {
      return segment.timeline().equals(first.timeline())
          && segment.number() >= first.number()
          && segment.number() <= last.number();
    }

    public long count() {
      return last.number() - first.number() + 1;
    }

    /** One name, or two with dots between. */
    @Override
    public String toString() {
      return first.equals(last) ? first.name() : first.name() + ".." + last.name();
    }
  }

  public WalCoverage {
    ranges = List.copyOf(ranges);
  }

  /** The coverage of these segments, which may come in any order and more than once. */
  public static WalCoverage of(Collection<WalSegment> segments) {
    return NONE.plus(segments);
  }

  /** @param disjoint in any order */
  private static WalCoverage joined(List<Range> disjoint) {
    disjoint.sort(Comparator.comparing(Range::first));
    List<Range> ranges = new ArrayList<>();
    for (Range range : disjoint) {
      int open = ranges.size() - 1;
      if (open >= 0 && ranges.get(open).last().next().equals(range.first())) {
        ranges.set(open, new Range(ranges.get(open).first(), range.last()));
      } else {
        ranges.add(range);
      }
    }
    return new WalCoverage(ranges);
  }

  /** With these segments, too. */
  public WalCoverage plus(Collection<WalSegment> segments) {
    List<Range> all = new ArrayList<>(ranges);
    segments.stream()
        .filter(segment -> !contains(segment))
        .distinct()
        .forEach(segment -> all.add(new Range(segment, segment)));
    return joined(all);
  }

  /** Without one segment. */
  public WalCoverage without(WalSegment segment) {
    List<Range> left = new ArrayList<>();
    for (Range range : ranges) {
      if (!range.contains(segment)) {
        left.add(range);
        continue;
      }
      if (!range.first().equals(segment)) {
        left.add(new Range(range.first(), segment.previous()));
      }
      if (!range.last().equals(segment)) {
        left.add(new Range(segment.next(), range.last()));
      }
    }
    return new WalCoverage(left);
  }

  public boolean contains(WalSegment segment) {
    return ranges.stream().anyMatch(range -> range.contains(segment));
  }

  /** The ranges of one timeline, in order. */
  public List<Range> of(Timeline timeline) {
    return ranges.stream()
        .filter(range -> range.first().timeline().equals(timeline))
        .toList();
  }

  /** What is missing between two ranges of the same timeline. */
  public List<Range> gaps() {
    List<Range> gaps = new ArrayList<>();
    for (int i = 1; i < ranges.size(); i++) {
      Range before = ranges.get(i - 1);
      Range after = ranges.get(i);
      if (before.last().timeline().equals(after.first().timeline())) {
        gaps.add(new Range(before.last().next(), after.first().previous()));
      }
    }
    return List.copyOf(gaps);
  }

  /**
   * The segments that hold the bytes from {@code begin} up to {@code end} on the path that ends with a history's timeline, in the
   * order in which recovery reads them. Each is of the youngest timeline that has bytes in it: that is the one that recovery asks
   * for first, and it begins with a copy of its ancestor's bytes (xlogrecovery.c, XLogFileReadAnyTLI, 15–18).
   *
   * @param end exclusive; at or before {@code begin} nothing is required
   */
  public static List<WalSegment> required(
      TimelineHistory history, Lsn begin, Lsn end, WalSegmentSize size) {
    List<WalSegment> required = new ArrayList<>();
    if (begin.compareTo(end) < 0) {
      WalSegment last = WalSegment.endingBefore(history.timeline(), end, size);
      WalSegment segment = WalSegment.containing(history.timeline(), begin, size);
      for (; segment.number() <= last.number(); segment = segment.next()) {
        required.add(onPath(history, segment));
      }
    }
    return List.copyOf(required);
  }

  /**
   * The first of the {@link #required} segments that is not there; empty when all are. Its cost grows with the number of ranges, not of
   * segments.
   */
  public Optional<WalSegment> firstMissing(
      TimelineHistory history, Lsn begin, Lsn end, WalSegmentSize size) {
    WalSegment next = WalSegment.containing(history.timeline(), begin, size);
    while (begin.isBefore(end) && next.start().isBefore(end)) {
      WalSegment wanted = onPath(history, next);
      Optional<Range> range =
          ranges.stream().filter(candidate -> candidate.contains(wanted)).findFirst();
      if (range.isEmpty()) {
        return Optional.of(wanted);
      }
      long after = range.get().last().number() + 1;
      long fork = history
          .endOf(wanted.timeline())
          .map(left -> WalSegment.containing(wanted.timeline(), left, size).number())
          .orElse(Long.MAX_VALUE);
      next = new WalSegment(
          history.timeline(), fork > wanted.number() ? Math.min(after, fork) : after, size);
    }
    return Optional.empty();
  }

  /**
   * The segment that recovery asks for first at the place of another, whose timeline does not count: that of the youngest timeline
   * which the path has there.
   */
  public static WalSegment onPath(TimelineHistory history, WalSegment place) {
    return place.onTimeline(candidates(history, place).get(0));
  }

  /**
   * Everything that recovery can read from {@code begin} on, on the path that ends with a history's timeline, up to the first
   * segment that is absent.
   *
   * <p>A segment in which the path changes its timeline serves under the older name too, when the younger is absent; the path ends
   * with the bytes that both share then.
   */
  public WalPath follow(TimelineHistory history, Lsn begin, WalSegmentSize size) {
    List<WalSegment> found = new ArrayList<>();
    WalSegment next = WalSegment.containing(history.timeline(), begin, size);
    Lsn end = begin;
    while (true) {
      List<Timeline> candidates = candidates(history, next);
      WalSegment segment = firstPresent(history, candidates, next, begin).orElse(null);
      if (segment == null) {
        WalSegment absent = next.onTimeline(candidates.get(0));
        return new WalPath(found, end, anythingAfter(history, absent) ? absent : null);
      }
      found.add(segment);
      end = segment.end();
      if (!segment.timeline().equals(candidates.get(0))) {
        Lsn fork = history.endOf(segment.timeline()).orElse(end);
        WalSegment absent = segment.onTimeline(candidates.get(0));
        return new WalPath(
            found, Lsn.min(end, fork), anythingAfter(history, absent) ? absent : null);
      }
      next = segment.next();
    }
  }

  /** A timeline that the path leaves before the beginning has nothing for it. */
  private Optional<WalSegment> firstPresent(
      TimelineHistory history, List<Timeline> candidates, WalSegment segment, Lsn begin) {
    return candidates.stream()
        .filter(
            timeline -> history.endOf(timeline).map(left -> left.isAfter(begin)).orElse(true))
        .map(segment::onTimeline)
        .filter(this::contains)
        .findFirst();
  }

  private boolean anythingAfter(TimelineHistory history, WalSegment absent) {
    for (Span span : history.spans()) {
      long first =
          WalSegment.containing(span.timeline(), span.start(), absent.size()).number();
      long last = span.end()
          .map(end ->
              WalSegment.endingBefore(span.timeline(), end, absent.size()).number())
          .orElse(Long.MAX_VALUE);
      for (Range range : of(span.timeline())) {
        long lastOfBoth = Math.min(last, range.last().number());
        if (lastOfBoth > absent.number()
            && lastOfBoth >= Math.max(first, range.first().number())) {
          return true;
        }
      }
    }
    return false;
  }

  /** The timelines that the path has in a segment, the youngest first. */
  private static List<Timeline> candidates(TimelineHistory history, WalSegment segment) {
    List<Timeline> candidates = new ArrayList<>();
    for (Span span : history.spans()) {
      boolean endsBefore =
          span.end().isPresent() && span.end().get().compareTo(segment.start()) <= 0;
      if (span.start().isBefore(segment.end()) && !endsBefore) {
        candidates.add(0, span.timeline());
      }
    }
    return candidates;
  }
}
