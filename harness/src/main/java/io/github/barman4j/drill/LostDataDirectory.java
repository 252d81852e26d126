package io.github.barman4j.drill;

import io.github.barman4j.EventSink;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.ScenarioResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * S04: the server is stopped hard and its data directory, {@code pg_wal} included, is deleted; everything comes back from the backup host
 * into a new directory. What the receiver had acknowledged may not be lost.
 */
final class LostDataDirectory implements Scenario {
  private static final ScenarioInfo INFO = new ScenarioInfo(
          "S04",
          "lost-data-directory",
          1,
          false,
          "stopped hard, the data directory deleted with pg_wal: a full restore, and nothing is lost that was received")
      .breaking(
          "the server is stopped hard (no checkpoint) under load, its receiver asynchronous, and "
              + "its data directory is deleted with pg_wal; the restore goes into a new directory")
      .expecting("nothing is lost that the receiver had acknowledged", "receiver-lag")
      .expecting("the old directory is gone, so nothing of it helped", "directory-lost")
      .measuring(
          "acknowledged commits that are missing, held against what the receiver had",
          Measures.FROM_FAULT);

  @Override
  public ScenarioInfo info() {
    return INFO;
  }

  @Override
  public List<ScenarioResult> run(DrillRequest request, EventSink sink) {
    try (Stage stage = Stage.open(request, sink)) {
      Path lost = stage.primary().cluster().dataDirectory();
      KilledPrimary killed = KilledPrimary.of(stage, false, Duration.ZERO, new Fault.StopServer());
      return List.of(killed.recover(
          INFO,
          Optional.empty(),
          request.limits().of(INFO),
          killed.faultNanos(),
          Sabotage.NONE,
          validation -> List.of(gone(lost), killed.withinLag(validation.diff()))));
    }
  }

  /** Nothing of the old directory may have helped. */
  static Check gone(Path directory) {
    boolean there = Files.exists(directory, LinkOption.NOFOLLOW_LINKS);
    return new Check(
        "directory-lost",
        !there,
        directory + (there ? " is still there" : " is gone with its WAL"));
  }
}
