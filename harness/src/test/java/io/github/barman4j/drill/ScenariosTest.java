package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScenariosTest {

  @Test
  void findsByIdNameAndTierInTheCataloguesOrder() {
    assertThat(ids("S05", "kill-primary-synchronous")).containsExactly("S01", "S05");
    assertThat(ids(" s02 ", "S02")).containsExactly("S02");
    assertThat(ids("tier1")).contains("S01", "S02", "S05", "S30").isSorted();
    assertThat(ids("tier2")).doesNotContainAnyElementsOf(ids("tier1"));
    assertThat(ids("all")).hasSize(Drill.catalogue().size()).isSorted();
  }

  @Test
  void refusesAnUnknownWord() {
    assertThatThrownBy(() -> ids("S99"))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("there is no scenario 'S99'")
        .hasMessageContaining("S01, S02, ")
        .hasMessageContaining(", S30");
  }

  @Test
  void hasIdsAndNamesOfItsOwn() {
    assertThat(Drill.catalogue()).extracting(ScenarioInfo::id).doesNotHaveDuplicates();
    assertThat(Drill.catalogue()).extracting(ScenarioInfo::name).doesNotHaveDuplicates();
  }

  private static List<String> ids(String... words) {
    return Scenarios.select(List.of(words)).stream()
        .map(scenario -> scenario.info().id())
        .toList();
  }
}
