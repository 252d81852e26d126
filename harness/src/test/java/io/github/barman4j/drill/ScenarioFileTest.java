package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScenarioFileTest {
  private static final String WHOLE = """
      id: ORDERS-1
      name: orders-lost
      summary: a table is dropped
      tier: 2
      steps:
        - receive: asynchronous
        - load
        - backup
        - commits: 20
        - sql: UPDATE orders SET total = 0
        - moment: before
        - fault: {drop-table: barman_drill.victim}
        - fault: {damage-page: {table: orders, block: 0}}
        - fault: {lose-segment: middle}
        - fault: {hold-back-receiver: PT2S}
        - fault: kill-server
        - recover: before-fault
        - recover: {to: before, by: lsn}
        - recover: latest
      expect:
        maxLostTransactions: 5
        maxRto: PT1M
      """;

  private static final String BROKEN = """
      id: NETWORK-1
      name: network-broken
      steps:
        - fault: partition
        - heal: partition
        - fault: {partition: clients}
        - fault: {cut-after: 20000}
        - fault: {limit-rate: {bytesPerSecond: 20000, way: clients}}
        - fault: {delay-answers: {latency: PT0.1S, jitter: PT0S}}
        - hold: PT1S
        - heal
        - refused: {step: backup, code: BRM-110}
        - refused: {step: {recover: latest}, code: [BRM-403, BRM-404]}
        - standby: asynchronous
        - fault: {bad-update: {table: orders, set: total = 0}}
        - fault: {skew-clock: PT-1H}
        - fault: {fill-disk: 0}
        - fault: {delete-while-restored: oldest}
        - fault: connect-elsewhere
        - heal: fill-disk
      """;

  @TempDir
  Path folder;

  @Test
  void readsEveryKindOfStep() throws IOException {
    FileScenario scenario = read(WHOLE);
    assertThat(scenario.info())
        .isEqualTo(new ScenarioInfo("ORDERS-1", "orders-lost", 2, true, "a table is dropped"));
    assertThat(scenario.steps()).hasSize(14);
    assertThat(scenario.limits().lostTransactions()).hasValue(5);
    assertThat(scenario.limits().rto()).hasValue(Duration.ofMinutes(1));
    assertThat(scenario.limits().rpo()).isEmpty();
  }

  @Test
  void isFoundAgainByItsFile() throws IOException {
    read(WHOLE);
    assertThat(Scenarios.files(List.of("S01", " " + file() + " ")))
        .containsExactly(Map.entry("ORDERS-1", file().toString()));
  }

  @Test
  void takesWhatTheFileSaysOfItself() throws IOException {
    String one = WHOLE.replace(
        "tier: 2",
        "tier: 2\ninjection: orders are dropped under load\nexpected: the orders are there again");
    ScenarioDetail detail = read(one).info().detail();
    assertThat(detail.injection()).isEqualTo("orders are dropped under load");
    assertThat(detail.expected())
        .containsExactly(
            new ScenarioDetail.Expectation("the orders are there again", List.of(), true));
    String two =
        WHOLE.replace("tier: 2", "tier: 2\nexpected: [the orders are there, nobody waits]");
    assertThat(read(two).info().detail().expected())
        .extracting(ScenarioDetail.Expectation::text)
        .containsExactly("the orders are there", "nobody waits");
    // Where nothing is recovered, refusals decide.
    assertThat(
            read(BROKEN + "expected: nothing half is listed\n").info().detail().expected())
        .containsExactly(new ScenarioDetail.Expectation(
            "nothing half is listed", List.of("refused backup", "refused recover"), true));
  }

  @Test
  void knowsWhatItBreaksOfAStage() throws IOException {
    assertThat(read(WHOLE).breakable()).isEmpty();
    FileScenario broken = read(BROKEN);
    assertThat(broken.steps()).hasSize(17);
    assertThat(broken.breakable())
        .containsExactlyInAnyOrder(Breakable.NETWORK, Breakable.CLOCK, Breakable.DISK);
    assertThat(broken.info().detail().needs())
        .containsExactlyInAnyOrder(
            ScenarioDetail.Need.TOXIPROXY,
            ScenarioDetail.Need.CONTAINERS,
            ScenarioDetail.Need.FAKETIME);
    assertThat(read(BROKEN
                .replace("fault: partition", "fault: reset-connections")
                .replace("heal: partition", "heal: reset-connections"))
            .breakable())
        .contains(Breakable.NETWORK, Breakable.CONNECTIONS);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      'partition: clients' | 'partition: everybody'     | line 6: there is no way 'everybody' | backup-host, clients
      'partition: clients' | 'partition: {road: x}'     | line 6: partition has no key 'road' | way
      'cut-after: 20000'   | 'cut-after: 0'             | line 7: bytes is 0                | from 1
      'cut-after: 20000'   | 'cut-after: half'          | line 7: bytes is 'half'           | a whole number
      bytesPerSecond: 20000 | bytesPerSecond: 20        | line 8: bytesPerSecond is 20      | from 1000
      way: clients         | way: up                    | line 8: there is no way 'up'      | backup-host, clients
      jitter: PT0S         | jiter: PT0S                | line 9: delay-answers has no key 'jiter' | latency, jitter, way
      hold: PT1S           | hold: 1                    | line 10: hold is '1'              | ISO-8601
      heal: partition      | heal: kill-server          | line 5: no step before this one injects a fault 'kill-server' that could be healed | partition
      heal: partition      | heal: cut-after            | line 5: no step before this one injects a fault 'cut-after' | partition
      'step: backup'       | 'step: load'               | line 12: there is no step to be refused 'load' | backup
      'step: backup'       | 'step: {sql: x}'           | line 12: a step to be refused has no key 'sql' | receive, recover
      'step: backup, code: BRM-110' | 'step: backup'    | line 12: the key 'code' is missing | a value
      'code: BRM-110'      | 'code: 110'                | line 12: code is '110'            | text
      'code: BRM-110'      | 'code: BRM-111x'           | line 12: there is no code 'BRM-111x' | such as BRM-403
      'code: BRM-110'      | 'code: BRM-703'            | line 12: there is no code 'BRM-703' | a code of the engine
      'code: BRM-110'      | 'code: []'                 | line 12: code is empty            | a code of the engine
      'recover: latest'    | 'recover: now'             | line 13: there is no target 'now' | latest, before-fault, standby
      standby: asynchronous | standby                   | line 14: there is no step 'standby' | load
      standby: asynchronous | standby: later            | line 14: there is no kind of standby 'later' | synchronous, asynchronous
      'table: orders, set: total = 0' | 'table: orders' | line 15: the key 'set' is missing | a value
      'bad-update: {table: orders, set: total = 0}' | 'bad-update: orders' | line 15: bad-update is 'orders' | table, set
      skew-clock: PT-1H    | skew-clock: -1h            | line 16: ahead is '-1h'           | ISO-8601
      'fill-disk: 0'       | 'fill-disk: -1'            | line 17: freeBytes is -1          | from 0
      delete-while-restored: oldest | delete-while-restored: all | line 18: there is no backup 'all' | oldest, latest
      'fault: connect-elsewhere' | 'fault: {connect-elsewhere: x}' | line 19: connect-elsewhere has no parts | fault: connect-elsewhere
      heal: fill-disk      | heal: lose-key             | line 20: no step before this one injects a fault 'lose-key' | connect-elsewhere, cut-after
      """)
  void refusesWhatIsWrongAboutNetworksAndRefusals(
      String right, String wrong, String problem, String allowed) {
    assertThat(BROKEN).contains(right);
    assertThatThrownBy(() -> read(BROKEN.replaceFirst(Pattern.quote(right), wrong)))
        .isInstanceOfSatisfying(BarmanException.class, e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.DRILL_CONFIGURATION);
          assertThat(e.problem()).contains(problem);
          assertThat(e.hint()).contains(allowed);
        });
  }

  @Test
  void promisesNoLossUnlessOnlyItsAgeIsBound() throws IOException {
    String age = WHOLE.replace("maxLostTransactions: 5", "maxRpo: PT5S");
    assertThat(read(age).info().promisesNoLoss()).isFalse();
    String none = WHOLE.substring(0, WHOLE.indexOf("expect:"));
    assertThat(read(none).info().promisesNoLoss()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      name: orders-lost    | nmae: orders-lost        | line 2: a scenario has no key 'nmae' | id, name, summary, tier, injection, expected, steps, expect
      id: ORDERS-1         | id: ORDERS 1             | line 1: the id is 'ORDERS 1'       | [A-Za-z]
      id: ORDERS-1         | id: 7                    | line 1: the id is '7'              | text
      id: ORDERS-1         | id: !!java.net.URL [x]   | line 1: the id is a list           | text
      name: orders-lost    | id: again                | line 2: the key 'id' is there twice | once
      summary: a table is dropped | summary:          | line 3: the summary is empty       | text
      tier: 2              | tier: 3                  | line 4: the tier is 3              | from 1 to 2
      tier: 2              | injection: [kill]        | line 4: the injection is a list    | text
      tier: 2              | expected: {kill: it}     | line 4: expected is a mapping      | list
      tier: 2              | tier: two                | line 4: the tier is 'two'          | a whole number
      receive: asynchronous | receive: sometimes      | line 6: there is no kind of receiver 'sometimes' | synchronous, asynchronous
      - load               | - laod                   | line 7: there is no step 'laod'    | stop-receiver, load, stop-load, backup, heal
      - load               | - load: 4                | line 7: a step has no key 'load'   | receive, standby, commits
      commits: 20          | commits: '20'            | line 9: commits is '20'            | a whole number from 1
      commits: 20          | commits: 0               | line 9: commits is 0               | from 1
      commits: 20          | commits: 99999999999999999999 | line 9: commits is 99999999999999999999 | from 1
      drop-table: barman_drill.victim | drop-tabel: x | line 12: fault has no key 'drop-tabel' | cut-after, damage-page, delay-answers
      'drop-table: barman_drill.victim' | 'drop-table: {table: x}' | line 12: drop-table has no key 'table' | name
      'table: orders, block: 0' | 'table: orders'     | line 13: the key 'block' is missing | a value
      'block: 0'           | 'block: -1'              | line 13: block is -1               | from 0
      lose-segment: middle | lose-segment: some       | line 14: there is no segment 'some' | first, middle, last
      PT2S                 | 2 seconds                | line 15: time is '2 seconds'       | ISO-8601
      fault: kill-server   | fault: kill               | line 16: there is no fault 'kill'  | kill-server
      fault: kill-server   | fault: damage-page        | line 16: damage-page says nothing of table, block | table
      fault: kill-server   | fault: kill-receiver      | line 16: there is no fault 'kill-receiver' | lose-segment
      '{to: before, by: lsn}' | '{to: after, by: lsn}' | line 18: no step before this one notes a moment 'after' | before
      by: lsn              | by: luck                  | line 18: there is no by 'luck'     | name, lsn, time
      recover: latest      | recover: newest           | line 19: there is no target 'newest' | latest, before-fault
      maxRto: PT1M         | maxRto: 60                | line 22: maxRto is '60'            | ISO-8601
      maxRto: PT1M         | maxRto: -PT1M             | line 22: maxRto is negative        | ISO-8601
      maxLostTransactions: 5 | maxLostTransactions: -1 | line 21: maxLostTransactions is -1 | from 0
      maxRto: PT1M         | maxTro: PT1M              | line 22: expect has no key 'maxTro' | maxLostTransactions, maxRpo, maxRto
      tier: 2              | 'tier: [2'                | is no YAML                         | yaml.org
      """)
  void refusesWithTheLineAndWhatIsAllowed(
      String right, String wrong, String problem, String allowed) {
    assertThat(WHOLE).contains(right);
    assertThatThrownBy(() -> read(WHOLE.replace(right, wrong == null ? "" : wrong)))
        .isInstanceOfSatisfying(BarmanException.class, e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.DRILL_CONFIGURATION);
          assertThat(e.problem()).contains(file().toString()).contains(problem);
          assertThat(e.hint()).contains(allowed);
        });
  }

  @Test
  void refusesAScenarioThatComparesNothing() {
    String nothing = "id: A\nname: a\nsteps: [load, backup]\n";
    assertThatThrownBy(() -> read(nothing))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("line 3: no step recovers anything");
  }

  @Test
  void refusesWhatIsNoFileOfText() throws IOException {
    assertThatThrownBy(() -> ScenarioFile.read(file()))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("does not exist");
    assertThatThrownBy(() -> read("")).hasMessageContaining("is empty");
    Files.write(file(), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThatThrownBy(() -> ScenarioFile.read(file())).hasMessageContaining("is not UTF-8");
    Files.write(file(), new byte[(1 << 20) + 1]);
    assertThatThrownBy(() -> ScenarioFile.read(file())).hasMessageContaining("larger than 1 MiB");
    assertThatThrownBy(() -> read("a: 1\n---\nb: 2\n")).isInstanceOf(BarmanException.class);
    assertThatThrownBy(() -> read("&a [*a]")).isInstanceOf(BarmanException.class);
  }

  @Test
  void isChosenByItsPathAndThenKnownById() throws IOException {
    read(WHOLE);
    String path = file().toString();
    assertThat(ids(path)).containsExactly("ORDERS-1");
    assertThat(ids("S05", path, "S01")).containsExactly("S01", "S05", "ORDERS-1");
    assertThat(ids(path, path, "orders-1")).containsExactly("ORDERS-1");
    assertThat(ids("all")).doesNotContain("ORDERS-1");
    Scenarios.require("ORDERS-1", List.of(path));
    assertThatThrownBy(() -> Scenarios.require("ORDERS-1", List.of("S01")))
        .hasMessageContaining("there is no scenario 'ORDERS-1'");
  }

  @ParameterizedTest
  @CsvSource({
    "id: ORDERS-1, id: S77, kept for the catalogue",
    "id: ORDERS-1, id: s05, that of the catalogue's S05",
    "id: ORDERS-1, id: Tier1, kept for the catalogue",
    "name: orders-lost, name: dropped-table, that of the catalogue's S05"
  })
  void refusesAnIdOrANameThatIsTakenAlready(String right, String wrong, String problem)
      throws IOException {
    read(WHOLE.replace(right, wrong));
    assertThatThrownBy(() -> ids(file().toString()))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining(file().toString())
        .hasMessageContaining(problem);
  }

  /** Whoever adds a fault that can be written down describes it. */
  @Test
  void isWhatTheDocumentationSays() throws IOException {
    String page = Files.readString(Path.of("../src-site/markdown/drills.md"));
    int example = page.indexOf("```yaml\nid: ORDERS-1");
    assertThat(example).isPositive();
    String yaml = page.substring(example + 8, page.indexOf("```", example + 8));
    assertThat(read(yaml).steps()).isNotEmpty();
    assertThat(words(page, "| Fault | Says | Healing |"))
        .containsExactlyInAnyOrderElementsOf(FaultWords.known().keySet());
    assertThat(words(page, "| Step | Does |"))
        .containsExactlyInAnyOrderElementsOf(ScenarioSteps.words());
  }

  /** In the first column of a table. */
  private static List<String> words(String page, String head) {
    int begin = page.indexOf(head);
    assertThat(begin).isPositive();
    return page.substring(begin, page.indexOf("\n\n", begin))
        .lines()
        .skip(2)
        .map(row -> row.split("\\|")[1])
        .flatMap(cell -> Pattern.compile("`\\{?([a-z-]+)[^`]*`").matcher(cell).results())
        .map(match -> match.group(1))
        .distinct()
        .toList();
  }

  private static List<String> ids(String... words) {
    return Drill.select(List.of(words)).stream().map(ScenarioInfo::id).toList();
  }

  private Path file() {
    return folder.resolve("drill.yaml");
  }

  private FileScenario read(String text) throws IOException {
    Files.writeString(file(), text, StandardCharsets.UTF_8);
    return ScenarioFile.read(file());
  }
}
