package io.github.barman4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryTest {
  private static final DrillReport.Environment ENVIRONMENT =
      new DrillReport.Environment("embedded", "18.6", "17.0.15", "Linux amd64", 2);
  private static final Load LOAD = new Load(4, 1 << 20);

  private final List<Event> events = new ArrayList<>();
  private Path file;

  @BeforeEach
  void choose(@TempDir Path folder) {
    file = folder.resolve("new/history.jsonl");
  }

  @Test
  void keepsWhatADrillHasFound() {
    read().append(report(1, result("S01", 2000)));
    read().append(report(2, result("S01", 3000), result("S02", 4000)));
    assertThat(earlier("S01"))
        .extracting(HistoryEntry::at)
        .containsExactly(Instant.ofEpochSecond(1), Instant.ofEpochSecond(2));
    assertThat(earlier("S01")).allSatisfy(run -> {
      assertThat(run.environment()).isEqualTo(ENVIRONMENT);
      assertThat(run.load()).isEqualTo(LOAD);
      assertThat(run.seed()).isEqualTo(42);
      assertThat(run.name()).isEqualTo("name");
      assertThat(run.verdict()).isEqualTo(Verdict.PASSED);
      assertThat(run.lostTransactions()).hasValue(7);
      assertThat(run.rpo()).contains(Duration.ofMillis(1500));
    });
    assertThat(earlier("S02"))
        .singleElement()
        .satisfies(run -> assertThat(run.rto()).contains(Duration.ofMillis(4000)));
    assertThat(file).content().hasLineCount(3).endsWith("}\n");
  }

  @Test
  void keepsFailuresAndLeavesOutWhatWasSkipped() {
    read()
        .append(report(
            1,
            ScenarioResult.without("S01", "a", Verdict.SKIPPED, List.of("no")),
            ScenarioResult.without("S02", "b", Verdict.FAILED, List.of("bad"))));
    assertThat(file).content().hasLineCount(1).contains("\"S02\"", "\"failed\"");
    assertThat(earlier("S02")).singleElement().satisfies(run -> {
      assertThat(run.rto()).isEmpty();
      assertThat(run.lostTransactions()).isEmpty();
    });
  }

  @Test
  void comparesLikeWithLikeAlone() {
    read().append(report(1, result("S01", 2000)));
    History history = read();
    ScenarioResult same = result("S01", 1);
    assertThat(history.comparable(environment("18.7", 2), LOAD, same)).hasSize(1);
    assertThat(history.comparable(environment("17.6", 2), LOAD, same)).isEmpty();
    assertThat(history.comparable(environment("18.6", 4), LOAD, same)).isEmpty();
    assertThat(history.comparable(ENVIRONMENT, new Load(5, 1 << 20), same)).isEmpty();
    assertThat(history.comparable(ENVIRONMENT, LOAD, result("S02", 1))).isEmpty();
    ScenarioResult other = new ScenarioResult(
        "S01",
        "name",
        Optional.of("xid"),
        Verdict.PASSED,
        List.of(),
        Limits.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of());
    assertThat(history.comparable(ENVIRONMENT, LOAD, other)).isEmpty();
  }

  @Test
  void showsTheNewestThirty() {
    ScenarioResult[] results = new ScenarioResult[40];
    Arrays.setAll(results, i -> result("S01", i));
    read().append(report(1, results));
    assertThat(earlier("S01"))
        .hasSize(30)
        .last()
        .satisfies(run -> assertThat(run.rto()).contains(Duration.ofMillis(39)));
  }

  @Test
  void survivesADeathAtEveryByteOfAnAppend() throws IOException {
    read().append(report(1, result("S01", 1000)));
    int before = (int) Files.size(file);
    read().append(report(2, result("S01", 2000), result("S01", 3000)));
    byte[] whole = Files.readAllBytes(file);
    for (int length = before; length <= whole.length; length++) {
      byte[] left = Arrays.copyOf(whole, length);
      Files.write(file, left);
      events.clear();
      int lines = (int) new String(left, java.nio.charset.StandardCharsets.UTF_8)
          .lines()
          .filter(line -> line.endsWith("}"))
          .count();
      assertThat(earlier("S01")).as("length %d", length).hasSize(lines);
      boolean cutOff = left[length - 1] != '\n' && left[length - 1] != '}';
      assertThat(events).as("length %d", length).hasSize(cutOff ? 1 : 0);
      read().append(report(3, result("S01", 4000)));
      events.clear();
      assertThat(earlier("S01")).as("length %d", length).hasSize(lines + 1);
      assertThat(events).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "[1]",
        "{}",
        "{\"schema\":2}",
        "{\"schema\":1} {}",
        "{\"schema\":1,\"at\":\"yesterday\"}",
        "\u00ff"
      })
  void refusesADamagedLineByItsNumber(String damage) throws IOException {
    read().append(report(1, result("S01", 1000)));
    String line = Files.readString(file);
    byte[] bytes = (line + damage + "\n" + line)
        .getBytes(
            damage.equals("\u00ff")
                ? java.nio.charset.StandardCharsets.ISO_8859_1
                : java.nio.charset.StandardCharsets.UTF_8);
    Files.write(file, bytes);
    assertThatThrownBy(this::read)
        .isInstanceOfSatisfying(
            BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DRILL_HISTORY))
        .hasMessageContaining("line 2 of the drill's history " + file + " is damaged: it")
        .hasMessageContaining("delete that line");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"verdict\":\"passed\"|\"verdict\":\"great\"",
        "\"rtoSeconds\":1.0|\"rtoSeconds\":-1.0",
        "\"rtoSeconds\":1.0|\"rtoSeconds\":\"1.0\"",
        "\"rtoSeconds\":1.0|\"rtoSeconds\":1e999",
        "\"rtoSeconds\":1.0|\"rto\":1.0",
        "\"processors\":2|\"processors\":99999999999",
        "\"lostTransactions\":7|\"lostTransactions\":7.5",
        "\"id\":\"S01\"|\"id\":1"
      })
  void refusesAValueOfTheWrongKind(String change) throws IOException {
    read().append(report(1, result("S01", 1000)));
    String[] parts = change.split("\\|");
    String line = Files.readString(file);
    assertThat(line).contains(parts[0]);
    Files.writeString(file, line.replace(parts[0], parts[1]));
    assertThatThrownBy(this::read).hasMessageContaining("line 1 of the drill's history");
  }

  @Test
  void addsNothingToAFileThatWasDamagedMeanwhile() throws IOException {
    History history = read();
    Files.writeString(file, "nonsense\n");
    assertThatThrownBy(() -> history.append(report(1, result("S01", 1))))
        .hasMessageContaining("line 1");
    assertThat(file).hasContent("nonsense\n");
  }

  @Test
  void keepsWhatAnotherDrillHasAddedMeanwhile() {
    History one = read();
    History other = read();
    one.append(report(1, result("S01", 1)));
    other.append(report(2, result("S01", 2)));
    assertThat(earlier("S01")).hasSize(2);
  }

  @Test
  void refusesAFolder() throws IOException {
    Files.createDirectories(file);
    assertThatThrownBy(this::read)
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("could not be read");
  }

  private History read() {
    return History.read(file, events::add);
  }

  private List<HistoryEntry> earlier(String id) {
    return read().comparable(ENVIRONMENT, LOAD, result(id, 1));
  }

  private static DrillReport.Environment environment(String postgres, int processors) {
    return new DrillReport.Environment("embedded", postgres, "21", "Linux amd64", processors);
  }

  private static DrillReport report(long second, ScenarioResult... results) {
    return new DrillReport(
        ENVIRONMENT,
        LOAD,
        Instant.ofEpochSecond(second),
        Duration.ofSeconds(9),
        42,
        "mvn barman:drill",
        List.of(results));
  }

  private static ScenarioResult result(String id, long rtoMillis) {
    Duration rto = Duration.ofMillis(rtoMillis);
    return new ScenarioResult(
        id,
        "name",
        Optional.empty(),
        Verdict.PASSED,
        List.of(),
        Limits.NONE,
        Optional.of(new Rpo(10, 7, Duration.ofMillis(1500), 0, 0, 0, 0, 0, 0, Optional.empty())),
        Optional.of(
            new Rto(rto, List.of(new Phase("all", rto)), List.of(), Optional.empty(), List.of())),
        Optional.empty(),
        List.of(),
        List.of());
  }
}
