package io.github.barman4j.it.postgres;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalReader;
import io.github.barman4j.postgres.WalRecord;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.postgres.WalStop;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads all segments of a folder, says how fast, and compares every record with what pg_waldump says of it. Run by {@code
 * it/figures/wal-reader.sh}.
 */
final class WalReaderFigures {
  private static final Pattern DUMPED = Pattern.compile(
      "^rmgr: (\\S+) +len \\(rec/tot\\): .*?, tx: +(\\d+), lsn: (\\S+), prev \\S+, desc: (\\S+) ?(.*)$");
  private static final int RUNS = 7;
  private static final PrintStream OUT = System.out;

  private WalReaderFigures() {}

  /**
   * @param arguments a folder of segments of 16 MiB on one timeline without gaps, the first and the last segment's name, and the
   *     program pg_waldump
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Path.of(arguments[0]);
    WalSegment first = WalSegment.parse(arguments[1], WalSegmentSize.DEFAULT);
    WalSegment last = WalSegment.parse(arguments[2], WalSegmentSize.DEFAULT);
    double mebibytes = last.end().minus(first.start()) / 1048576.0;
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long[] elapsed = new long[RUNS];
    long[] busy = new long[RUNS];
    for (int run = 0; run < RUNS; run++) {
      long begin = System.nanoTime();
      long beginBusy = threads.getCurrentThreadCpuTime();
      read(folder, first, last, null);
      busy[run] = Math.round(mebibytes / ((threads.getCurrentThreadCpuTime() - beginBusy) / 1e9));
      elapsed[run] = Math.round(mebibytes / ((System.nanoTime() - begin) / 1e9));
    }
    OUT.printf(
        Locale.ROOT,
        "%.0f MiB, read in MiB/s of elapsed time: %s, of processor time: %s%n",
        mebibytes,
        Arrays.toString(elapsed),
        Arrays.toString(busy));
    List<String> lines = new ArrayList<>();
    OUT.println(read(folder, first, last, lines));
    compare(lines, arguments[3], folder, first, last);
  }

  private static WalStop read(
      Path folder, WalSegment first, WalSegment last, @Nullable List<String> lines)
      throws IOException {
    WalReader reader = WalReader.open(InputStream.nullInputStream(), first);
    for (WalSegment segment = first; segment.compareTo(last) <= 0; segment = segment.next()) {
      if (reader.next() != null) {
        throw new IllegalStateException("a record out of nothing");
      }
      try (InputStream in = Files.newInputStream(folder.resolve(segment.name()))) {
        reader.continueWith(in, segment.timeline());
        for (WalRecord record = reader.next(); record != null; record = reader.next()) {
          if (lines != null) {
            lines.add(withoutEnd(WalLine.of(record)));
          }
        }
      }
    }
    return reader.stop();
  }

  private static String withoutEnd(String line) {
    return line.replaceFirst(" \\S+", "");
  }

  private static void compare(
      List<String> read, String program, Path folder, WalSegment first, WalSegment last)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(program, "-p", folder.toString(), first.name(), last.name());
    builder.environment().put("TZ", "UTC");
    Process dump = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    int compared = 0;
    try (BufferedReader reader = dump.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        Matcher parts = DUMPED.matcher(line);
        if (!parts.matches()) {
          throw new IllegalStateException("not understood: " + line);
        }
        String told = Lsn.parse(parts.group(3)) + " "
            + WalLine.told(parts.group(2), parts.group(1), parts.group(4), parts.group(5));
        if (compared == read.size() || !read.get(compared).equals(told)) {
          throw new IllegalStateException("pg_waldump: " + told + "\nread: "
              + (compared == read.size() ? "nothing" : read.get(compared)));
        }
        compared++;
      }
    }
    if (compared != read.size()) {
      throw new IllegalStateException("pg_waldump ends after " + compared + " of " + read.size()
          + " records: " + read.get(compared));
    }
    dump.waitFor();
    OUT.println("compared with pg_waldump: " + compared + " records, all equal");
  }
}
