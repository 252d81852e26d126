package io.github.barman4j.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.barman4j.BarmanException;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** A catalog entry, as somebody could have forged it with a hash that is right. */
class CatalogEntryFuzz {
  static Stream<byte[]> seeds() {
    return Stream.of(
        BackupJson.write(Backups.backup(
            "20261123T060100Z-0001", "nightly", "0/2000028", "0/2000100", Instant.EPOCH)),
        "{\"id\":\"20261123T060100Z-0001\"}".getBytes(UTF_8));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void isReadOrRefused(byte[] input) {
    Backup read;
    try {
      read = BackupJson.read("backups/forged.json", input);
    } catch (BarmanException expected) {
      return;
    }
    assertThat(BackupJson.read("backups/forged.json", BackupJson.write(read))).isEqualTo(read);
  }
}
