package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.RelationFile.Fork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelationFileTest {
  @Test
  void readsForksAndSegments() {
    assertThat(RelationFile.of("base/5/1259"))
        .hasValue(new RelationFile(1663, 5, 1259, Fork.MAIN, 0));
    assertThat(RelationFile.of("base/5/1259_fsm.2"))
        .hasValue(new RelationFile(1663, 5, 1259, Fork.FSM, 2));
    assertThat(RelationFile.of("global/1262_vm"))
        .hasValue(new RelationFile(1664, 0, 1262, Fork.VM, 0));
    assertThat(RelationFile.of("pg_tblspc/16400/PG_18_202506291/16401/4294967295_init"))
        .hasValue(new RelationFile(16400, 16401, 4294967295L, Fork.INIT, 0));
  }

  @Test
  void countsPagesOverSegments() {
    assertThat(RelationFile.of("base/5/1259.3").orElseThrow().block(7, 131072))
        .isEqualTo(3 * 131072L + 7);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "base/5/PG_VERSION",
        "base/5/pg_filenode.map",
        "base/5/pg_internal.init",
        "base/5/t3_16384",
        "base/5/1259.0",
        "base/5/01259",
        "base/5/1259_other",
        "base/1259",
        "global/pg_control",
        "pg_xact/0000",
        "pg_tblspc/16400/16401/1259",
        "pg_wal/000000010000000000000001",
        "x/base/5/1259"
      })
  void leavesOtherFilesOut(String path) {
    assertThat(RelationFile.of(path)).isEmpty();
  }
}
