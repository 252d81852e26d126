package io.github.barman4j.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TablespaceMapTest {
  private static final Path DATA = Path.of("/restored/data");

  private static Backup backup(Backup.Tablespace... tablespaces) {
    return Backups.of(
        "20261123T060000Z-0001",
        1,
        "0/2000028",
        "0/2000138",
        "2026-11-23T06:00:10Z",
        List.of(tablespaces));
  }

  private static void assertRefused(Backup backup, Map<String, Path> mapping, String problem) {
    assertThatThrownBy(() -> TablespaceMap.of(backup, mapping, DATA))
        .isInstanceOfSatisfying(BarmanException.class, e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.TABLESPACE_NOT_MAPPED);
          assertThat(e.problem()).contains(problem);
        });
  }

  @Test
  void leavesAnUnmappedTablespaceWhereItWas() {
    TablespaceMap map =
        TablespaceMap.of(backup(new Backup.Tablespace(1, "fast", "/srv/fast")), Map.of(), DATA);

    assertThat(map.places()).singleElement().satisfies(place -> {
      assertThat(place.location()).isEqualTo(Path.of("/srv/fast"));
      assertThat(place.link()).isEqualTo("pg_tblspc/1");
    });
  }

  @Test
  void movesAMappedOneAndOneInsideTheDataDirectory() {
    TablespaceMap map = TablespaceMap.of(
        backup(
            new Backup.Tablespace(1, "fast", "/srv/fast"),
            new Backup.Tablespace(4294967295L, "inside", "/var/lib/postgresql/15/main/ts/a"),
            new Backup.Tablespace(3, "in_place", "pg_tblspc/3")),
        Map.of("fast", Path.of("/new/fast/../fast2")),
        DATA);

    assertThat(map.places())
        .extracting(TablespaceMap.Place::location)
        .containsExactly(Path.of("/new/fast2"), DATA.resolve("ts/a"));
    assertThat(map.places().get(1).link()).isEqualTo("pg_tblspc/4294967295");
  }

  @Test
  void refusesAMappingOfATablespaceThatThereIsNot() {
    assertRefused(
        backup(new Backup.Tablespace(1, "fast", "/srv/fast")),
        Map.of("slow", Path.of("/new")),
        "has no tablespace 'slow'");
  }

  @Test
  void refusesLocationsThatOverlap() {
    Backup two = backup(
        new Backup.Tablespace(1, "fast", "/srv/fast"),
        new Backup.Tablespace(2, "slow", "/srv/slow"));

    assertRefused(
        two,
        Map.of("fast", Path.of("/new/a"), "slow", Path.of("/new/a/b")),
        "overlaps with the location of tablespace 'fast'");
    assertRefused(two, Map.of("fast", Path.of("/new"), "slow", Path.of("/new")), "overlaps");
    assertRefused(two, Map.of("fast", Path.of("/restored")), "the restore directory");
    assertRefused(two, Map.of("fast", DATA), "the restore directory");
    assertRefused(two, Map.of("fast", DATA.resolve("pg_tblspc/9")), "the restore directory");
  }
}
