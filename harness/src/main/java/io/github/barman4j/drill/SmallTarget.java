package io.github.barman4j.drill;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.restore.RecoveryTarget;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.workload.Horizon;
import io.github.barman4j.workload.TableHashes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * S19: the place that is restored to has too little room. That is refused before anything is copied, with the bytes that are needed and
 * those that there are; with that room and a little for its file system's own use, the same restore works.
 */
final class SmallTarget implements Scenario {
  private static final int COMMITS = 200;
  private static final long SMALL_BYTES = 16L << 20;
  private static final long ROOM_FOR_SERVER_BYTES = 64L << 20;

  private static final Pattern NEEDED = Pattern.compile("needs ([0-9]+) bytes");
  private static final Pattern AVAILABLE = Pattern.compile("has ([0-9]+) bytes");

  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S19",
          "small-target",
          2,
          true,
          "too little room where it is restored to: refused with the bytes needed and available, and works with more room")
      .breaking(
          "the place that is restored to has 16 MiB, less than the database: a tmpfs where one may "
              + "be mounted, elsewhere a disk with a quota")
      .expecting("refused within 5 s", "refusal")
      .expecting("with the bytes that are needed", "needed-bytes")
      .expecting("and those that are available", "available-bytes")
      .expecting("before anything is written", "nothing-written")
      .expecting(
          "with the room that was named, and 64 MiB for the server, the same restore loses nothing")
      .measuring(Measures.NOTHING_LOST, Measures.OF_THE_REFUSAL_AND_PLAN);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink)) {
      Primary primary = stage.primary();
      BackupHost host = stage.host();
      TableHashes hashes = primary.hashes();
      Backup backup = stage.backupUnderLoad(COMMITS);
      primary.stopLoad();
      primary.awaitReceived(host);
      host.stopReceiver();
      try (SmallVolume volume = SmallVolume.of(stage, SMALL_BYTES)) {
        stage.tell("restoring to " + volume.kind() + " of " + SMALL_BYTES + " bytes");
        long usable = volume.usableBytes();
        long since = System.nanoTime();
        Path directory = volume.root().resolve("data");
        Refusal refusal = Refusal.of(
            () -> host.recoveryEngine().restore(RestoreRequest.to(directory).build()));
        List<ScenarioResult> results = new ArrayList<>();
        results.add(
            observed(refusal, backup.sizes().databaseBytes(), usable, volume.kind(), directory)
                .judged(INFO, "too-small"));
        bytes(refusal, NEEDED).ifPresent(needed -> {
          volume.resize(needed + ROOM_FOR_SERVER_BYTES);
          Rewind rewind = new Rewind(
              "with-room", new RecoveryTarget.Latest(), new Horizon.Everything(), hashes, since);
          results.add(rewind.run(
              stage,
              INFO,
              new Recovery.Place(directory, volume.folder().resolve("data")),
              UnaryOperator.identity(),
              (recovery, validation) -> Observation.NOTHING));
        });
        return results;
      }
    }
  }

  /** What the refusal must have said. */
  static Observation observed(
      Refusal refusal, long databaseBytes, long usable, String kind, Path directory) {
    OptionalLong needed = bytes(refusal, NEEDED);
    OptionalLong available = bytes(refusal, AVAILABLE);
    return new Observation(
        List.of(
            refusal.check("refusal", ErrorCode.RESTORE_SPACE, MissingSegment.AT_ONCE, List.of()),
            new Check(
                "needed-bytes",
                needed.orElse(0) >= databaseBytes,
                "it names " + needed.orElse(0) + ", the database has " + databaseBytes),
            new Check(
                "available-bytes",
                available.orElse(-1) == usable,
                "it names " + available.orElse(-1) + ", " + kind + " has " + usable),
            MissingSegment.untouched(directory)),
        List.of(
            refusal.figure("refusalMillis"),
            new Figure("neededBytes", needed.orElse(0)),
            new Figure("availableBytes", available.orElse(0))),
        usable < databaseBytes ? List.of() : List.of("there was room enough: " + usable));
  }

  private static OptionalLong bytes(Refusal refusal, Pattern pattern) {
    Matcher matcher =
        pattern.matcher(refusal.said() == null ? "" : refusal.said().problem());
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }
}
