package io.github.barman4j.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Event;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.repository.Repository;
import io.github.barman4j.repository.RepositoryOptions;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.store.FailingObjectStore;
import io.github.barman4j.store.InMemoryObjectStore;
import io.github.barman4j.store.ObjectStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IncomingDirectoryTest {
  private static final Instant NOON = Instant.parse("2026-03-29T12:00:00Z");
  private static final String HISTORY = "1\t0/3000100\tno recovery target specified\n";

  @TempDir
  private Path directory;

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final ServerRepository server =
      Repository.openOrCreate(store, RepositoryOptions.defaults()).server("main");
  private final WalArchive archive = new WalArchive(server);
  private final List<Event> events = new ArrayList<>();
  private final TestLog log = new TestLog(3);
  private List<WalSegment> segments = List.of();

  @BeforeEach
  void writeThreeSegments() {
    for (int i = 0; i < 3; i++) {
      log.commit(700 + i, NOON);
      log.fill();
    }
    segments = log.fullSegments();
  }

  @Test
  void archivesEverythingInOrderAndRemovesIt() throws IOException {
    for (WalSegment segment : segments) {
      log.write(directory, segment);
    }
    write("00000002.history", HISTORY);
    String label = segments.get(0).name() + ".00000028.backup";
    write(label, "START WAL LOCATION: 0/300028\n");
    String partial = log.lastSegment().name() + ".partial";
    Files.write(directory.resolve(partial), log.bytes(log.lastSegment()));

    ArchiveReport report = archiveAll();

    assertThat(report.archived())
        .containsExactly(
            "00000002.history",
            segments.get(0).name(),
            segments.get(1).name(),
            segments.get(2).name(),
            label,
            partial);
    assertThat(report.passed()).isTrue();
    assertThat(directory).isEmptyDirectory();
    assertThat(archive.segments()).isEqualTo(segments);
    for (WalSegment segment : segments) {
      assertThat(archive.open(segment)).hasBinaryContent(log.bytes(segment));
      assertThat(archive.index(segment).headless()).isFalse();
    }
    assertThat(archive.historyOf(new Timeline(2)).path()).hasSize(2);
    assertThat(server.objects().get("wal/companions/" + partial))
        .isEqualTo(log.bytes(log.lastSegment()));
    assertThat(archive.owner()).contains(TestLog.SYSTEM);
  }

  @Test
  void takesTheSameOnceMore() throws IOException {
    for (int i = 0; i < 2; i++) {
      log.write(directory, segments.get(0));
      write("00000002.history", HISTORY);
      write(segments.get(0).name() + ".00000028.backup", "label");
      ArchiveReport report = archiveAll();
      assertThat(i == 0 ? report.archived() : report.present()).hasSize(3);
      assertThat(report.passed()).isTrue();
      assertThat(directory).isEmptyDirectory();
    }
    assertThat(archive.quarantined()).isEmpty();
  }

  @Test
  void leavesAloneWhatIsNotFinished() throws IOException {
    archive.claim(TestLog.SYSTEM, 15);
    byte[] bytes = log.bytes(segments.get(0));
    String name = segments.get(0).name();
    write(name + ".tmp", "x");
    write("." + name, "x");
    Files.createDirectory(directory.resolve(segments.get(1).name()));
    Files.createSymbolicLink(directory.resolve("00000002.history"), directory.resolve("nowhere"));
    for (int length : new int[] {0, 100, bytes.length / 2, bytes.length - 1}) {
      Files.write(directory.resolve(name), Arrays.copyOf(bytes, length));

      ArchiveReport report = archiveAll();

      assertThat(report.incomplete()).as("%d bytes", length).containsExactly(name);
      assertThat(report.ignored())
          .containsExactly("." + name, name + ".tmp", segments.get(1).name(), "00000002.history");
      assertThat(report.passed()).isFalse();
      assertThat(directory.resolve(name)).hasSize(length);
    }
    assertThat(archive.quarantined()).isEmpty();
    assertThat(warnings()).hasSize(4).allMatch(text -> text.contains("stays where it is"));

    Files.write(directory.resolve(name), bytes);
    assertThat(archiveAll().archived()).containsExactly(name);
  }

  @Test
  void quarantinesWhatIsNotWhatItsNameSaysAndGoesOn() throws IOException {
    archive.claim(TestLog.SYSTEM, 15);
    log.write(directory, segments.get(2));
    Files.write(directory.resolve(segments.get(0).name()), log.bytes(segments.get(1)));
    TestLog foreign = new TestLog(new SystemIdentifier(42), Timeline.FIRST, 3);
    foreign.fill();
    foreign.fill();
    foreign.write(directory, segments.get(1));
    write("00000003.history", "not a history");
    write("00000000.history", HISTORY);
    byte[] foreignBytes = foreign.bytes(segments.get(1));

    ArchiveReport report = archiveAll();

    assertThat(report.archived()).containsExactly(segments.get(2).name());
    assertThat(report.quarantined())
        .extracting(ArchiveReport.Quarantined::name)
        .containsExactly(
            "00000000.history",
            "00000003.history",
            segments.get(0).name(),
            segments.get(1).name());
    assertThat(report.quarantined().get(3).reason()).contains("42", "7301234567890123456");
    assertThat(report.passed()).isFalse();
    assertThat(server.objects().get(report.quarantined().get(3).key())).isEqualTo(foreignBytes);
    assertThat(archive.quarantined()).hasSize(4);
    assertThat(warnings()).hasSize(4).allMatch(text -> text.contains("quarantine"));
    assertThat(directory).isEmptyDirectory();
    assertThat(archive.segments()).containsExactly(segments.get(2));
    assertThat(archive.histories()).isEmpty();
  }

  @Test
  void quarantinesOtherContentUnderATakenName() throws IOException {
    log.write(directory, segments.get(0));
    write("00000002.history", HISTORY);
    write(segments.get(0).name() + ".00000028.backup", "label");
    archiveAll();
    TestLog clone = new TestLog(3);
    clone.commit(700, NOON.plusSeconds(9));
    clone.fill();
    clone.write(directory, segments.get(0));
    write("00000002.history", HISTORY.replace("100", "200"));
    write(segments.get(0).name() + ".00000028.backup", "another label");

    ArchiveReport report = archiveAll();

    assertThat(report.quarantined()).hasSize(3);
    assertThat(archive.quarantined()).hasSize(3);
    assertThat(directory).isEmptyDirectory();
    assertThat(archive.open(segments.get(0))).hasBinaryContent(log.bytes(segments.get(0)));
    assertThat(archive.history(new Timeline(2)))
        .contains(HISTORY.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void removesNothingThatTheRepositoryDidNotTake() throws IOException {
    boolean passed = false;
    int failures = 0;
    for (int failAt = 1; !passed; failAt++) {
      log.write(directory, segments.get(0));
      InMemoryObjectStore sound = new InMemoryObjectStore();
      archive(sound).claim(TestLog.SYSTEM, 15);
      try {
        WalArchive failing = archive(new FailingObjectStore(sound, failAt));
        passed =
            new IncomingDirectory(failing, directory, events::add).archive().passed();
      } catch (BarmanException e) {
        failures++;
        assertThat(directory.resolve(segments.get(0).name()))
            .as("failure at operation %d", failAt)
            .hasBinaryContent(log.bytes(segments.get(0)));
      }
    }
    assertThat(failures).isGreaterThan(3);
    assertThat(directory).isEmptyDirectory();
  }

  private static WalArchive archive(ObjectStore store) {
    return new WalArchive(
        Repository.openOrCreate(store, RepositoryOptions.defaults()).server("main"));
  }

  @Test
  void refusesADirectoryThatIsNotThere() {
    assertThatThrownBy(
            () -> new IncomingDirectory(archive, directory.resolve("no"), events::add).archive())
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_CONFIGURATION))
        .hasMessageContaining(directory.resolve("no").toString());
  }

  private ArchiveReport archiveAll() {
    return new IncomingDirectory(archive, directory, events::add).archive();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private List<String> warnings() {
    return events.stream()
        .filter(Event.Warning.class::isInstance)
        .map(event -> ((Event.Warning) event).text())
        .toList();
  }
}
