package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BackupLabelTest {
  private static final String TEXT = """
      START WAL LOCATION: 0/2000028 (file 000000030000000000000002)
      CHECKPOINT LOCATION: 0/2000060
      BACKUP METHOD: streamed
      BACKUP FROM: primary
      START TIME: 2026-11-23 06:10:11 UTC
      LABEL: nightly: the first
      START TIMELINE: 3
      """;

  @Test
  void readsWhatTheServerWrites() {
    BackupLabel label = BackupLabel.parse(TEXT);
    assertThat(label.start()).isEqualTo(Lsn.parse("0/2000028"));
    assertThat(label.startFile()).isEqualTo("000000030000000000000002");
    assertThat(label.checkpoint()).isEqualTo(Lsn.parse("0/2000060"));
    assertThat(label.method()).isEqualTo("streamed");
    assertThat(label.from()).isEqualTo("primary");
    assertThat(label.startTime()).isEqualTo("2026-11-23 06:10:11 UTC");
    assertThat(label.label()).isEqualTo("nightly: the first");
    assertThat(label.timeline()).isEqualTo(new Timeline(3));
    assertThat(label.incrementalFrom()).isEmpty();
  }

  @Test
  void seesThatABackupIsIncremental() {
    BackupLabel label =
        BackupLabel.parse(TEXT + "INCREMENTAL FROM LSN: 0/1000028\nINCREMENTAL FROM TLI: 2\n");
    assertThat(label.incrementalFrom()).contains(Lsn.parse("0/1000028"));
  }

  @Test
  void acceptsAnEmptyLabel() {
    assertThat(BackupLabel.parse(TEXT.replace("nightly: the first", "")).label())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "START WAL LOCATION",
        "CHECKPOINT LOCATION",
        "BACKUP METHOD",
        "BACKUP FROM",
        "START TIME",
        "LABEL",
        "START TIMELINE"
      })
  void refusesALabelWithoutALine(String name) {
    refuses(TEXT.replace(name + ":", "X:"), "has no line '" + name + "'");
  }

  @Test
  void refusesALineThatStandsThereTwice() {
    refuses(TEXT + "START TIMELINE: 4\n", "twice");
  }

  @Test
  void refusesValuesThatAreNone() {
    refuses(TEXT.replace("0/2000060", "nowhere"), "'nowhere' is no log sequence number");
    refuses(TEXT.replace("(file ", "("), "without a file");
    refuses(TEXT.replace("02)", "02"), "without a file");
    refuses(TEXT.replace("TIMELINE: 3", "TIMELINE: x"), "timeline 'x'");
    refuses(TEXT.replace("TIMELINE: 3", "TIMELINE: 0"), "timeline 0 is out of range");
  }

  private static void refuses(String text, String problem) {
    assertThatThrownBy(() -> BackupLabel.parse(text))
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKUP_LABEL_INVALID))
        .hasMessageContaining(problem);
  }
}
