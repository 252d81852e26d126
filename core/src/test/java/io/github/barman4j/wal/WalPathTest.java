package io.github.barman4j.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.TimelineHistory;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.testing.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Paths through forked logs, against a model that knows of every single place who wrote it: a tree of timelines, each with its
 * parent and the place where it left it. A place is an eighth of a segment.
 */
class WalPathTest {
  private static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);
  private static final int PLACES = 8;
  private static final int STEP = SIZE.bytes() / PLACES;
  private static final int SEGMENTS = 14;

  /** A timeline of the model. */
  private record Line(int id, @Nullable Line parent, int fork, int end) {
    /** Who wrote a place, seen from the end of this line. */
    Line writerOf(int place) {
      return parent != null && place < fork ? parent.writerOf(place) : this;
    }

    String history() {
      return parent == null ? "" : parent.history() + parent.id + "\t" + at(fork) + "\tpromoted\n";
    }

    TimelineHistory parsed() {
      return TimelineHistory.parse(new Timeline(id), history());
    }

    /** This line and its ancestors. */
    List<Line> path() {
      List<Line> path = new ArrayList<>();
      for (Line each = this; each != null; each = each.parent) {
        path.add(each);
      }
      return path;
    }

    /** Whether the server that wrote this line wrote a segment of it: it begins with a copy of the parent's bytes. */
    boolean wrote(int segment) {
      return segment >= fork / PLACES && segment * PLACES < end;
    }
  }

  @Seeds(300)
  void followsEveryForkAsTheBytesSay(RandomGenerator random) {
    Map<Integer, Line> lines = tree(random);
    Line line = lines.get(random.nextInt(1, lines.size() + 1));
    Set<WalSegment> there = new TreeSet<>();
    for (Line each : lines.values()) {
      for (int segment = 0; segment < SEGMENTS; segment++) {
        if (each.wrote(segment) && random.nextInt(12) != 0) {
          there.add(new WalSegment(new Timeline(each.id), segment, SIZE));
        }
      }
    }
    WalCoverage coverage = WalCoverage.of(there);
    TimelineHistory history = line.parsed();
    int begin = random.nextInt(1, line.end);
    int end = random.nextInt(begin, SEGMENTS * PLACES);

    List<WalSegment> required = new ArrayList<>();
    for (int segment = begin / PLACES; segment * PLACES < end && begin < end; segment++) {
      required.add(onPath(line, segment));
    }
    Optional<WalSegment> missing =
        required.stream().filter(segment -> !there.contains(segment)).findFirst();

    assertThat(WalCoverage.required(history, at(begin), at(end), SIZE)).isEqualTo(required);
    assertThat(coverage.firstMissing(history, at(begin), at(end), SIZE)).isEqualTo(missing);

    WalPath path = coverage.follow(history, at(begin), SIZE);
    int reached = reached(line, there, begin);
    assertThat(path.end()).isEqualTo(at(reached));
    assertThat(path.segments().stream().limit(reached / PLACES - begin / PLACES).toList())
        .isEqualTo(required(line, begin / PLACES, reached / PLACES));
    boolean later = anythingLater(line, there, reached);
    assertThat(path.gap().isPresent()).isEqualTo(later);
    path.gap().ifPresent(gap -> assertThat(gap).isEqualTo(onPath(line, reached / PLACES)));
  }

  /** Two to six timelines; each but the first leaves an earlier one at a place that this has, now and then at a segment's start. */
  private static Map<Integer, Line> tree(RandomGenerator random) {
    Map<Integer, Line> lines = new TreeMap<>();
    lines.put(1, new Line(1, null, 0, random.nextInt(PLACES, SEGMENTS * PLACES)));
    int count = random.nextInt(2, 7);
    for (int id = 2; id <= count; id++) {
      Line parent = lines.get(random.nextInt(1, id));
      // A standby that is promoted early leaves a timeline before it was reached.
      int fork = random.nextInt(Math.max(1, parent.fork - PLACES), parent.end + 1);
      if (random.nextInt(4) == 0 && fork >= PLACES) {
        fork = fork / PLACES * PLACES;
      }
      int end = Math.min(SEGMENTS * PLACES, fork + random.nextInt(1, 6 * PLACES));
      if (end > fork) {
        lines.put(id, new Line(id, parent, fork, end));
      } else {
        count = id - 1;
      }
    }
    return lines;
  }

  /** The segment that recovery reads at a place of the path: that of the writer of its last byte on the path. */
  private static WalSegment onPath(Line line, int segment) {
    return new WalSegment(
        new Timeline(line.writerOf(segment * PLACES + PLACES - 1).id), segment, SIZE);
  }

  private static List<WalSegment> required(Line line, int first, int end) {
    List<WalSegment> required = new ArrayList<>();
    for (int segment = first; segment < end; segment++) {
      required.add(onPath(line, segment));
    }
    return required;
  }

  /** The first place from a beginning on that cannot be had from any file which holds that place of the path. */
  private static int reached(Line line, Set<WalSegment> there, int begin) {
    Set<Integer> writers = new TreeSet<>(Set.of(line.id));
    for (int place = 0; place < SEGMENTS * PLACES; place++) {
      writers.add(line.writerOf(place).id);
    }
    int place = begin;
    while (place < SEGMENTS * PLACES) {
      int at = place;
      boolean readable = line.path().stream()
          .filter(each -> writers.contains(each.id))
          .filter(each -> each.writerOf(at).id == line.writerOf(at).id)
          .filter(each -> each.wrote(at / PLACES))
          .anyMatch(
              each -> there.contains(new WalSegment(new Timeline(each.id), at / PLACES, SIZE)));
      if (!readable) {
        return place;
      }
      place++;
    }
    return place;
  }

  private static boolean anythingLater(Line line, Set<WalSegment> there, int reached) {
    for (int segment = reached / PLACES + 1; segment < SEGMENTS; segment++) {
      for (int place = segment * PLACES; place < (segment + 1) * PLACES; place++) {
        if (there.contains(new WalSegment(new Timeline(line.writerOf(place).id), segment, SIZE))) {
          return true;
        }
      }
    }
    return false;
  }

  private static Lsn at(int place) {
    return new Lsn((long) place * STEP);
  }
}
