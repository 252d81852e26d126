package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.report.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MappedTablespacesTest {
  @TempDir
  Path folder;

  @Test
  void findsWhatWasWrittenOutsideOfTheMapping() throws IOException {
    TreeFingerprint before = TreeFingerprint.of(folder);
    Files.createDirectories(folder.resolve("linked/PG_18"));
    assertThat(changes(before, "linked").passed()).isTrue();
    assertThat(changes(before, "link").detail()).isEqualTo("changed: linked/, linked/PG_18/");

    Files.writeString(folder.resolve("neighbour"), "touched");
    assertThat(changes(before, "linked").passed()).isFalse();
    assertThat(changes(before, "linked").detail()).isEqualTo("changed: neighbour");
  }

  @Test
  void failsWhenATablespaceIsElsewhere() {
    Map<String, Path> mapping = Map.of("one", Path.of("/new/one"), "two", Path.of("/new/two"));
    assertThat(MappedTablespaces.mapped(mapping, Map.of("one", "/new/one", "two", "/new/two"))
            .passed())
        .isTrue();
    assertThat(MappedTablespaces.mapped(mapping, Map.of("one", "/new/one", "two", "/old/two"))
            .passed())
        .isFalse();
    assertThat(MappedTablespaces.mapped(mapping, Map.of("one", "/new/one")).passed())
        .isFalse();
  }

  @Test
  void failsWhenNothingLiesInThePlace() throws IOException {
    Path place = Files.createDirectories(folder.resolve("place"));
    assertThat(MappedTablespaces.filled(List.of(place)).passed()).isFalse();
    Files.writeString(Files.createDirectories(place.resolve("PG_18/5")).resolve("1"), "page");
    assertThat(MappedTablespaces.filled(List.of(place)).passed()).isTrue();
    assertThat(
            MappedTablespaces.filled(List.of(place, folder.resolve("absent"))).passed())
        .isFalse();
  }

  private Check changes(TreeFingerprint before, String own) throws IOException {
    return MappedTablespaces.untouched(
        "surroundings", TreeFingerprint.of(folder).changesSince(before), List.of(own));
  }
}
