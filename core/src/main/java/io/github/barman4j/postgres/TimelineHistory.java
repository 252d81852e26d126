package io.github.barman4j.postgres;

import io.github.barman4j.BarmanException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a timeline came from: its ancestors, and where the path left each of them.
 *
 * <p>The text form is the server's history file: one line per ancestor with its number, the position where the path left it, and a
 * reason, separated by tabs; empty lines and lines that begin with {@code #} count for nothing (timeline.c, readTimeLineHistory,
 * 15–18).
 *
 * <p>A standby that is promoted before it has replayed up to the point where the timeline that it follows began writes a history
 * whose positions <em>decrease</em>. What counts then is the earlier point: the path leaves every ancestor at the smallest end from
 * that ancestor on, and an ancestor can be left before it was reached.
 *
 * @param timeline the youngest, which has no end
 * @param entries the ancestors, oldest first, with strictly increasing timelines, all below {@code timeline}
 */
public record TimelineHistory(Timeline timeline, List<Entry> entries) {
  /**
   * An ancestor.
   *
   * @param end position of the first byte that the path does not share with it, as the file says
   * @param reason why it was left, in the server's words; may be empty
   */
  public record Entry(Timeline timeline, Lsn end, String reason) {}

  /**
   * A part of the path that lies on one timeline.
   *
   * @param start its first byte
   * @param end after its last byte; absent for the youngest timeline
   */
  public record Span(Timeline timeline, Lsn start, Optional<Lsn> end) {}

  /** Refuses ancestors out of order with a BarmanException (TIMELINE_HISTORY_INVALID). */
  public TimelineHistory {
    entries = List.copyOf(entries);
    for (int i = 0; i < entries.size(); i++) {
      Timeline child = i + 1 < entries.size() ? entries.get(i + 1).timeline() : timeline;
      if (entries.get(i).timeline().compareTo(child) >= 0) {
        throw Malformed.history(
            timeline,
            "timeline " + entries.get(i).timeline() + " stands before timeline " + child,
            null);
      }
    }
  }

  /** The history of a timeline without ancestors. */
  public static TimelineHistory root(Timeline timeline) {
    return new TimelineHistory(timeline, List.of());
  }

  /**
   * Reads a history file.
   *
   * @param timeline the timeline that the file's name says
   * @throws io.github.barman4j.BarmanException (TIMELINE_HISTORY_INVALID) for a line that is none of the above, or ancestors out of order
   */
  public static TimelineHistory parse(Timeline timeline, String text) {
    List<Entry> entries = new ArrayList<>();
    text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && line.charAt(0) != '#')
        .forEach(line -> entries.add(entry(timeline, line)));
    return new TimelineHistory(timeline, entries);
  }

  private static Entry entry(Timeline timeline, String line) {
    String[] fields = line.split("\\s+", 3);
    if (fields.length < 2
        || !fields[0].matches("[0-9]{1,10}")
        || Long.parseLong(fields[0]) > Integer.MAX_VALUE) {
      throw Malformed.history(
          timeline, "the line '" + line + "' has no timeline and position", null);
    }
    try {
      return new Entry(
          new Timeline(Integer.parseInt(fields[0])),
          Lsn.parse(fields[1]),
          fields.length > 2 ? fields[2] : "");
    } catch (BarmanException e) {
      throw Malformed.history(timeline, e.problem(), e);
    }
  }

  /** Whether a file name is that of a history file. */
  public static boolean isFileName(String name) {
    return name.matches("[0-9A-F]{8}\\.history");
  }

  /** The name that the server gives this file, {@code 00000002.history}. */
  public String fileName() {
    return timeline.hex() + ".history";
  }

  /** All timelines of the path, oldest first, this one last. */
  public List<Timeline> path() {
    List<Timeline> path = new ArrayList<>();
    entries.forEach(entry -> path.add(entry.timeline()));
    path.add(timeline);
    return List.copyOf(path);
  }

  /** Whether a timeline lies on the path. */
  public boolean contains(Timeline other) {
    return path().contains(other);
  }

  /**
   * The path cut into its parts in order, without gap and overlap, from position 0; ancestors that the path leaves before it reaches
   * them are not among them.
   */
  public List<Span> spans() {
    List<Span> spans = new ArrayList<>();
    Lsn start = Lsn.INVALID;
    for (int i = 0; i < entries.size(); i++) {
      Lsn end = effectiveEnd(i);
      if (start.isBefore(end)) {
        spans.add(new Span(entries.get(i).timeline(), start, Optional.of(end)));
        start = end;
      }
    }
    spans.add(new Span(timeline, start, Optional.empty()));
    return List.copyOf(spans);
  }

  private Lsn effectiveEnd(int index) {
    Lsn end = entries.get(index).end();
    for (Entry later : entries.subList(index + 1, entries.size())) {
      end = Lsn.min(end, later.end());
    }
    return end;
  }

  /** The timeline on which the path has the byte at a position (timeline.c, tliOfPointInHistory, 15–18). */
  public Timeline timelineOf(Lsn lsn) {
    return spans().stream()
        .filter(span -> span.end().isEmpty() || lsn.isBefore(span.end().get()))
        .map(Span::timeline)
        .findFirst()
        .orElse(timeline);
  }

  /**
   * Where the path leaves a timeline: the position of the first byte that it does not share with it. Absent for this history's own
   * timeline, and for one that is not on the path ({@link #contains}).
   */
  public Optional<Lsn> endOf(Timeline ancestor) {
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).timeline().equals(ancestor)) {
        return Optional.of(effectiveEnd(i));
      }
    }
    return Optional.empty();
  }
}
