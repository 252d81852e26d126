package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.testing.Seeds;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ControlFileTest {
  @ParameterizedTest
  @ValueSource(ints = {15, 16, 17, 18, 19})
  void readsWhatTheServerSaysOfIt(int major) {
    GoldenWal golden = GoldenWal.of(major);
    Map<String, String> said = golden.controlData();
    ControlFile file = ControlFile.parse(golden.controlFile());

    assertThat(said)
        .containsAllEntriesOf(Map.ofEntries(
            Map.entry("system_identifier", Long.toUnsignedString(file.systemIdentifier())),
            Map.entry("pg_control_version", text(file.controlVersion())),
            Map.entry("catalog_version_no", text(file.catalogVersion())),
            Map.entry("checkpoint_lsn", file.checkpoint().toString()),
            Map.entry("redo_lsn", file.redo().toString()),
            Map.entry("timeline_id", file.timeline().toString()),
            Map.entry("next_xid", (file.nextXid() >>> 32) + ":" + (file.nextXid() & 0xFFFFFFFFL)),
            Map.entry("min_recovery_end_lsn", file.minRecoveryPoint().toString()),
            Map.entry("backup_start_lsn", file.backupStart().toString()),
            Map.entry("backup_end_lsn", file.backupEnd().toString()),
            Map.entry("end_of_backup_record_required", file.backupEndRequired() ? "t" : "f"),
            Map.entry("database_block_size", text(file.blockSize())),
            Map.entry("blocks_per_segment", text(file.relationSegmentBlocks())),
            Map.entry("wal_block_size", text(file.walBlockSize())),
            Map.entry("bytes_per_wal_segment", text(file.segmentSize().bytes())),
            Map.entry("data_page_checksum_version", file.dataChecksums() ? "1" : "0"),
            Map.entry("max_connections", text(file.maxConnections())),
            Map.entry("max_worker_processes", text(file.maxWorkerProcesses())),
            Map.entry("max_wal_senders", text(file.maxWalSenders())),
            Map.entry("max_prepared_transactions", text(file.maxPreparedTransactions())),
            Map.entry("max_locks_per_transaction", text(file.maxLocksPerTransaction()))));
    assertThat(file.updated()).isEqualTo(time(said.get("pg_control_last_modified")));
    assertThat(file.checkpointTime()).isEqualTo(time(said.get("checkpoint_time")));
    assertThat(file.state()).isEqualTo(ControlFile.State.IN_PRODUCTION);
    assertThat(file.minRecoveryTimeline()).isEmpty();
  }

  @Test
  void readsARecoveryUnderWay() {
    byte[] file = GoldenWal.of(18).controlFile();
    file[16] = 5;
    file[144] = 7;
    file[136] = 1;
    file[168] = 1;
    file[252] = 0;
    ControlFile read = ControlFile.parse(sealed(file));
    assertThat(read.state()).isEqualTo(ControlFile.State.IN_ARCHIVE_RECOVERY);
    assertThat(read.minRecoveryTimeline()).contains(new Timeline(7));
    assertThat(read.minRecoveryPoint()).isEqualTo(new Lsn(1));
    assertThat(read.backupEndRequired()).isTrue();
    assertThat(read.dataChecksums()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void saysWhetherTheServerWasStoppedInOrder(ControlFile.State state) {
    assertThat(state.isShutDown()).isEqualTo(state.name().startsWith("SHUT_DOWN"));
  }

  @ParameterizedTest
  @CsvSource({"16, 7", "19, 255", "48, 0", "147, 255", "228, 1", "31, 127", "111, 127"})
  void refusesValuesOutOfRange(int offset, int value) {
    byte[] file = GoldenWal.of(18).controlFile();
    file[offset] = (byte) value;
    assertThatThrownBy(() -> ControlFile.parse(sealed(file)))
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CONTROL_FILE_INVALID))
        .hasMessageContaining("out of range");
  }

  @Test
  void refusesAMissingSystemIdentifier() {
    byte[] file = GoldenWal.of(18).controlFile();
    Arrays.fill(file, 0, 8, (byte) 0);
    assertThatThrownBy(() -> ControlFile.parse(sealed(file))).isInstanceOf(BarmanException.class);
  }

  @Test
  void refusesOtherLayouts() {
    byte[] file = GoldenWal.of(18).controlFile();
    file[8]++;
    assertThatThrownBy(() -> ControlFile.parse(file))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("layout 1801");
  }

  @Test
  void refusesAFileThatIsCutShort() {
    assertThatThrownBy(() -> ControlFile.parse(Arrays.copyOf(GoldenWal.of(15).controlFile(), 290)))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("cut short");
  }

  @Seeds(100)
  void noticesAnyChangedByte(RandomGenerator random) {
    byte[] file = GoldenWal.of(random.nextInt(15, 20)).controlFile();
    int covered = ControlLayout.of(Bytes.int32(file, 8)).checksummed() + 4;
    file[random.nextInt(covered)] ^= (byte) random.nextInt(1, 256);
    assertThatThrownBy(() -> ControlFile.parse(file))
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.CONTROL_FILE_INVALID));
  }

  private static String text(int number) {
    return Integer.toString(number);
  }

  private static Instant time(String text) {
    return Instant.parse(text.replace(' ', 'T').replace("+00", "Z"));
  }

  /** With the checksum of PostgreSQL 18's layout. */
  private static byte[] sealed(byte[] file) {
    CRC32C checksum = new CRC32C();
    checksum.update(file, 0, 292);
    WalComposer.buffer(4).putInt((int) checksum.getValue()).rewind().get(file, 292, 4);
    return file;
  }
}
