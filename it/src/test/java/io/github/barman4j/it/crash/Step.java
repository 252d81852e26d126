package io.github.barman4j.it.crash;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One call that was seen in a run: what kind of call, on what kind of file, and the how-many-th of those.
 *
 * @param kind the file's path in which everything that differs from run to run, and from one file to its like, is a placeholder
 */
record Step(String call, String kind, int ordinal) {
  private static final String[][] PLACEHOLDERS = {
    {"^restored/(base|global|pg_[a-z_]+)(?!.*pg_control)(/.*)?$", "restored/DATA"},
    {"\\d{8}T\\d{6}Z-[0-9a-f]{4}", "BACKUP"},
    {"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID"},
    {"\\b[0-9A-F]{24}\\b", "SEGMENT"},
    {"\\b[0-9a-f]{16}\\b", "PACK"},
    {"\\b[0-9A-F]{8}\\b", "HEX"},
    {"/[0-9a-f]{2}(?=/|$)", "/XX"},
    {"\\b\\d+(_fsm|_vm|_init)?(\\.\\d+)?\\b", "N$1"},
    {"(?<=/)[0-9A-F]{4}$", "N"},
  };

  static String kindOf(String path) {
    String kind = path;
    for (String[] placeholder : PLACEHOLDERS) {
      kind = kind.replaceAll(placeholder[0], placeholder[1]);
    }
    return kind;
  }

  static String kindOf(Path base, Path path) {
    return path.startsWith(base) ? kindOf(base.relativize(path).toString()) : "elsewhere";
  }

  /** As {@link #toString} has it. */
  static Step parse(String text) {
    String[] parts = text.split(" ", 3);
    return new Step(parts[0], parts[2], Integer.parseInt(parts[1]));
  }

  /** Counts calls and numbers them. Not thread-safe. */
  static final class Counter {
    private final Map<String, Integer> seen = new LinkedHashMap<>();

    Step next(String call, String kind) {
      return new Step(call, kind, seen.merge(call + " " + kind, 1, Integer::sum));
    }
  }

  /** Of each kind of call on each kind of file the first, the one in the middle and the last, in the order of the first. */
  static List<Step> chosen(List<Step> recorded) {
    Map<String, List<Step>> byKind = new LinkedHashMap<>();
    for (Step step : recorded) {
      byKind
          .computeIfAbsent(step.call + " " + step.kind, key -> new ArrayList<>())
          .add(step);
    }
    Set<Step> chosen = new LinkedHashSet<>();
    byKind.values().forEach(steps -> {
      chosen.add(steps.get(0));
      chosen.add(steps.get(steps.size() / 2));
      chosen.add(steps.get(steps.size() - 1));
    });
    return List.copyOf(chosen);
  }

  /** Of each kind of call on each kind of file the first. */
  static List<Step> first(List<Step> recorded) {
    return recorded.stream().filter(step -> step.ordinal == 1).toList();
  }

  /** Every n-th of some, beginning with the one that the seed says. */
  static List<Step> everyNth(List<Step> steps, int n, long seed) {
    int offset = (int) Math.floorMod(seed, n);
    return Stream.iterate(offset, at -> at < steps.size(), at -> at + n)
        .map(steps::get)
        .toList();
  }

  @Override
  public String toString() {
    return call + " " + ordinal + " " + kind;
  }
}
