package io.github.barman4j.protocol;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@code BASE_BACKUP} (manual, 55.4, 15–18). Begin with {@link #labelled}.
 *
 * @param label what backup_label names it; at most 1024 bytes
 * @param fastCheckpoint false lets the server spread its checkpoint, over minutes
 * @param tablespaceMap true sends a file tablespace_map in place of the links in pg_tblspc
 * @param manifest whether a backup_manifest with CRC-32C checksums is sent
 * @param compression how the archives come
 * @param compressionLevel null leaves it to the server
 * @param maxRateKiB KiB a second, 32 to 1048576; 0 for no limit
 * @param waitForArchive whether the server waits until its own archive has the WAL
 * @param verifyChecksums whether the server verifies page checksums; it sends everything before it says what it found
 * @param checkpointTimeout how long the server may be silent before the first byte
 */
public record BaseBackupOptions(
    String label,
    boolean fastCheckpoint,
    boolean tablespaceMap,
    boolean manifest,
    ArchiveCompression compression,
    @Nullable Integer compressionLevel,
    int maxRateKiB,
    boolean waitForArchive,
    boolean verifyChecksums,
    Duration checkpointTimeout) {

  private static final int LONGEST_LABEL = 1024;
  private static final int SLOWEST_KIB = 32;
  private static final int FASTEST_KIB = 1 << 20;
  private static final Duration CHECKPOINT_TIMEOUT = Duration.ofHours(1);

  /** Refuses what the server would refuse, with a BarmanException (INVALID_VALUE). */
  public BaseBackupOptions {
    if (label.getBytes(StandardCharsets.UTF_8).length > LONGEST_LABEL
        || label.chars().anyMatch(c -> c < ' ')) {
      throw invalid("the label is too long or has control characters", "use at most 1024 bytes.");
    }
    if (maxRateKiB != 0 && (maxRateKiB < SLOWEST_KIB || maxRateKiB > FASTEST_KIB)) {
      throw invalid(
          "a rate of " + maxRateKiB + " KiB/s",
          "the server knows 32 to 1048576, or 0 for no limit.");
    }
    if (compressionLevel != null && !compression.allows(compressionLevel)) {
      throw invalid(
          "level " + compressionLevel + " for compression " + compression.option(),
          "gzip has 1 to 9, lz4 1 to 12, zstd 1 to 22, none has no level.");
    }
  }

  /** A fast checkpoint, links, a manifest, no compression, no limit. */
  public static BaseBackupOptions labelled(String label) {
    return new BaseBackupOptions(
        label,
        true,
        false,
        true,
        ArchiveCompression.NONE,
        null,
        0,
        false,
        false,
        CHECKPOINT_TIMEOUT);
  }

  public BaseBackupOptions withFastCheckpoint(boolean fast) {
    return new BaseBackupOptions(
        label,
        fast,
        tablespaceMap,
        manifest,
        compression,
        compressionLevel,
        maxRateKiB,
        waitForArchive,
        verifyChecksums,
        checkpointTimeout);
  }

  /** @param level null leaves it to the server */
  public BaseBackupOptions withCompression(ArchiveCompression how, @Nullable Integer level) {
    return new BaseBackupOptions(
        label,
        fastCheckpoint,
        tablespaceMap,
        manifest,
        how,
        level,
        maxRateKiB,
        waitForArchive,
        verifyChecksums,
        checkpointTimeout);
  }

  public BaseBackupOptions withMaxRateKiB(int rate) {
    return new BaseBackupOptions(
        label,
        fastCheckpoint,
        tablespaceMap,
        manifest,
        compression,
        compressionLevel,
        rate,
        waitForArchive,
        verifyChecksums,
        checkpointTimeout);
  }

  String command() {
    StringBuilder command = new StringBuilder("BASE_BACKUP (LABEL '")
        .append(label.replace("'", "''"))
        .append("', TARGET 'client', PROGRESS true, WAL false, CHECKPOINT '")
        .append(fastCheckpoint ? "fast" : "spread")
        .append("', WAIT ")
        .append(waitForArchive)
        .append(", TABLESPACE_MAP ")
        .append(tablespaceMap)
        .append(", VERIFY_CHECKSUMS ")
        .append(verifyChecksums)
        .append(manifest ? ", MANIFEST 'yes', MANIFEST_CHECKSUMS 'CRC32C'" : ", MANIFEST 'no'");
    if (maxRateKiB != 0) {
      command.append(", MAX_RATE ").append(maxRateKiB);
    }
    if (compression != ArchiveCompression.NONE) {
      command.append(", COMPRESSION '").append(compression.option()).append('\'');
      if (compressionLevel != null) {
        command.append(", COMPRESSION_DETAIL 'level=").append(compressionLevel).append('\'');
      }
    }
    return command.append(')').toString();
  }

  private static BarmanException invalid(String problem, String hint) {
    return new BarmanException(ErrorCode.INVALID_VALUE, problem, hint);
  }
}
