package io.github.barman4j.it.report;

import io.github.barman4j.report.Check;
import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.HistoryEntry;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.Load;
import io.github.barman4j.report.Phase;
import io.github.barman4j.report.Restored;
import io.github.barman4j.report.Rpo;
import io.github.barman4j.report.Rto;
import io.github.barman4j.report.Sample;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.report.Traffic;
import io.github.barman4j.report.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** Reports as a drill makes them, always the same. */
final class Reports {
  /** What a server's message might bring along. */
  static final String HOSTILE =
      "</script><script>window.hostile = 1</script><img src=x onerror='window.hostile = 2'>\"&amp;";

  static final String LONG = "base/16384/" + "1234567890".repeat(40);

  private static final Instant BEGIN = Instant.parse("2026-11-23T06:00:00Z");
  private static final DrillReport.Environment ENVIRONMENT =
      new DrillReport.Environment("embedded", "18.6", "17.0.15", "Linux amd64", 2);
  private static final Load LOAD = new Load(4, 32 << 20);

  private static final List<String> NAMES = List.of(
      "S00 control synchronous",
      "S01 kill-primary-synchronous",
      "S02 kill-primary-asynchronous",
      "S03 archive-command latest",
      "S04 lost-data-directory",
      "S05 dropped-table xid",
      "S05 dropped-table lsn",
      "S05 dropped-table time",
      "S05 dropped-table name",
      "S06 beyond-last-commit to-nearest",
      "S07 damaged-page fallback",
      "S08 damaged-block fallback",
      "S09 missing-segment to-last-position",
      "S10 backup-without-its-wal first-segment",
      "S11 killed-receiver resumed",
      "S12 cut-backup retried",
      "S13 reset-connection retried",
      "S16 partition caught-up",
      "S17 silent-stall caught-up",
      "S18 full-disk receive",
      "S19 small-target large-enough",
      "S20 failover",
      "S21 warm-standby synchronous",
      "S21 warm-standby asynchronous",
      "S22 promoted-in-backup restored",
      "S23 mapped-tablespaces mapped",
      "S26 lost-slot after-new-backup",
      "S27 foreign-cluster restored",
      "S29 missing-key restored",
      "S30 negative-control lost-row",
      "S30 negative-control withheld-segment",
      "S30 negative-control held-up",
      "S33 power-loss-synchronous forced-only");

  private Reports() {}

  /** 33 results, all passed. */
  static DrillReport good() {
    List<ScenarioResult> results = new ArrayList<>();
    for (int i = 0; i < NAMES.size(); i++) {
      results.add(passed(i, 0));
    }
    return report(results);
  }

  /** 33 results of every verdict, with texts that are long or harmful. */
  static DrillReport mixed() {
    List<ScenarioResult> results = new ArrayList<>(good().scenarios());
    results.set(
        4,
        passed(4, 3)
            .withVerdict(
                Verdict.FAILED,
                List.of(
                    "lost 3 acknowledged commits, 3 more than the limit of 0",
                    "check tables failed: table " + HOSTILE + " is missing\nand " + LONG)));
    results.set(
        7, results.get(7).withVerdict(Verdict.INCONCLUSIVE, List.of("there was nothing to lose")));
    results.set(
        15,
        ScenarioResult.without(
            "S12", "cut-backup", Verdict.SKIPPED, List.of("there is no toxiproxy-server")));
    results.set(
        16,
        ScenarioResult.without(
            "S13",
            "reset-" + LONG,
            Verdict.FAILED,
            List.of("BRM-703: the drill's server refused a statement: " + HOSTILE)));
    return report(results);
  }

  private static DrillReport report(List<ScenarioResult> results) {
    return new DrillReport(
        ENVIRONMENT,
        LOAD,
        BEGIN,
        Duration.ofMillis(312_400),
        42,
        "mvn io.github.barman4j:barman-maven-plugin:1.0.0:drill -Dbarman.drill.seed=42"
            + " -Dbarman.drill.postgresVersion=18.6",
        results);
  }

  private static ScenarioResult passed(int index, long unwanted) {
    String[] parts = NAMES.get(index).split(" ");
    SplittableRandom random = new SplittableRandom(index);
    boolean loses = parts[1].endsWith("asynchronous") || parts[1].equals("archive-command");
    long acknowledged = 2_400 + random.nextInt(900);
    long lost = loses ? 300 + random.nextInt(200) : unwanted;
    Rto rto = rto(random);
    ScenarioResult alone = new ScenarioResult(
        parts[0],
        parts[1],
        parts.length > 2 ? Optional.of(parts[2]) : Optional.empty(),
        Verdict.PASSED,
        parts[0].equals("S30")
            ? List.of("as it must, the drill found: lost 1 acknowledged commit, 1 more than the"
                + " limit of 0")
            : List.of(),
        new Limits(
            loses ? OptionalLong.empty() : OptionalLong.of(0),
            Optional.empty(),
            Optional.of(Duration.ofSeconds(30)),
            OptionalInt.of(25)),
        Optional.of(new Rpo(
            acknowledged,
            lost,
            Duration.ofMillis(lost * 2),
            lost * 900,
            0,
            0,
            3,
            1,
            0,
            Optional.of(Duration.ofMillis(2)))),
        Optional.of(rto),
        Optional.of(new Restored(
            "20261123T060102Z-" + Integer.toHexString(4096 + index),
            45_300_000 + random.nextInt(900_000),
            981,
            38_000_000,
            4 + random.nextInt(9),
            2)),
        List.of(
            new Check("ledger", true, acknowledged + " rows, no payload is damaged"),
            new Check("tables", true, "5 tables are equal"),
            new Check("amcheck", true, "every index and every table is sound"),
            new Check("checksums", true, "5 873 pages, no checksum is wrong"),
            new Check("isolation", true, "the restored server archives nothing"),
            new Check("repository", true, "the repository is as it was")),
        List.of(
            new Figure("acknowledgedAfterBackup", acknowledged - 700),
            new Figure("receiverLagBytes", random.nextInt(9000))));
    return alone
        .withTraffic(Optional.of(traffic(random, acknowledged)))
        .withEarlier(earlier(alone, rto, random));
  }

  private static Rto rto(SplittableRandom random) {
    List<Phase> phases = new ArrayList<>();
    int[] usual = {520, 70, 1250, 840, 40, 160, 50, 40, 8};
    String[] names = {
      "detect", "plan", "restore", "start", "consistent", "replay", "open", "read", "write"
    };
    Duration total = Duration.ZERO;
    for (int i = 0; i < names.length; i++) {
      Duration took = Duration.ofMillis(usual[i] / 2 + random.nextInt(usual[i]));
      phases.add(new Phase(names[i], took));
      total = total.plus(took);
    }
    return new Rto(
        total,
        phases,
        List.of(
            new Phase("wal", Duration.ofMillis(310)),
            new Phase("validate", Duration.ofMillis(920))),
        Optional.of(total.minusMillis(600)),
        List.of(total));
  }

  private static Traffic traffic(SplittableRandom random, long acknowledged) {
    List<Sample> samples = new ArrayList<>();
    long written = 0;
    long received = 0;
    for (int i = -55; i <= 0; i++) {
      long commits = acknowledged / 56 + random.nextInt(30) - 12;
      received = written;
      written += commits * 520 + (i == -36 ? 3_600_000 : 0) + (i == -22 ? 9_800_000 : 0);
      samples.add(new Sample(
          Duration.ofMillis(i * 100L),
          commits,
          written,
          i < -50 ? OptionalLong.empty() : OptionalLong.of(received)));
    }
    return new Traffic(Duration.ofMillis(100), samples);
  }

  private static List<HistoryEntry> earlier(
      ScenarioResult result, Rto rto, SplittableRandom random) {
    List<HistoryEntry> runs = new ArrayList<>();
    for (int day = 14; day >= 1; day--) {
      boolean slow = day == 5;
      Duration took =
          rto.total().multipliedBy(slow ? 180 : 85 + random.nextInt(25)).dividedBy(100);
      runs.add(new HistoryEntry(
          BEGIN.minus(Duration.ofDays(day)),
          ENVIRONMENT,
          LOAD,
          42,
          result.id(),
          result.name(),
          result.variant(),
          slow ? Verdict.FAILED : Verdict.PASSED,
          OptionalLong.of(0),
          Optional.of(Duration.ZERO),
          Optional.of(took)));
    }
    return runs;
  }
}
