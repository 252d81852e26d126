package io.github.barman4j.engine;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.time.Duration;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What kind of base backup to take. Begin with {@link #defaults()}.
 *
 * @param name a name of the user's, unique in the catalog, or null
 * @param compressionLevel of Zstandard, 1 to 19
 * @param maxRateBytes the most bytes a second that the server sends, 32 KiB to 1 GiB (PostgreSQL manual, 54.4, MAX_RATE);
 *     empty for no limit
 * @param immediateCheckpoint true begins with a fast checkpoint, false with a spread one
 * @param fresh true stores every block anew, also those that an earlier backup has
 * @param waitTimeout how long to wait for the WAL that the backup needs
 * @param retryTimes how often to begin again after a failure, 0 or more
 * @param retrySleep how long to wait before that
 */
public record BackupRequest(
    @Nullable String name,
    StoredCompression compression,
    int compressionLevel,
    WireCompression wireCompression,
    OptionalLong maxRateBytes,
    boolean immediateCheckpoint,
    boolean fresh,
    Duration waitTimeout,
    int retryTimes,
    Duration retrySleep) {

  private static final long MIN_RATE = 32L << 10;
  private static final long MAX_RATE = 1L << 30;

  public BackupRequest {
    require(
        compressionLevel >= 1 && compressionLevel <= 19,
        "compression level " + compressionLevel,
        "from 1 to 19");
    require(
        maxRateBytes.isEmpty()
            || (maxRateBytes.getAsLong() >= MIN_RATE && maxRateBytes.getAsLong() <= MAX_RATE),
        "a rate limit of " + maxRateBytes.orElse(0) + " bytes/s",
        "from 32 kB to 1 GB a second");
    require(!waitTimeout.isNegative(), "a wait timeout of " + waitTimeout, "of zero or more");
    require(retryTimes >= 0, retryTimes + " retries", "of zero or more");
    require(!retrySleep.isNegative(), "a retry sleep of " + retrySleep, "of zero or more");
    require(
        name == null || name.matches("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,99}"),
        "the backup name '" + name + "'",
        "of at most 100 letters, digits, blanks and '._-', beginning with a letter or digit");
    require(
        name == null || !name.matches("(?i)latest|oldest"),
        "the backup name '" + name + "'",
        "that is not a word with a meaning of its own");
  }

  public static BackupRequest defaults() {
    return new BackupRequest(
        null,
        StoredCompression.ZSTD,
        1,
        WireCompression.AUTO,
        OptionalLong.empty(),
        true,
        false,
        Duration.ofMinutes(5),
        0,
        Duration.ofSeconds(30));
  }

  /** @param bytesPerSecond the most that the server sends */
  public BackupRequest limitedTo(long bytesPerSecond) {
    return new BackupRequest(
        name,
        compression,
        compressionLevel,
        wireCompression,
        OptionalLong.of(bytesPerSecond),
        immediateCheckpoint,
        fresh,
        waitTimeout,
        retryTimes,
        retrySleep);
  }

  public BackupRequest named(@Nullable String newName) {
    return new BackupRequest(
        newName,
        compression,
        compressionLevel,
        wireCompression,
        maxRateBytes,
        immediateCheckpoint,
        fresh,
        waitTimeout,
        retryTimes,
        retrySleep);
  }

  /** Begins when the server's checkpoint, spread over minutes, is done. */
  public BackupRequest afterSpreadCheckpoint() {
    return new BackupRequest(
        name,
        compression,
        compressionLevel,
        wireCompression,
        maxRateBytes,
        false,
        fresh,
        waitTimeout,
        retryTimes,
        retrySleep);
  }

  /** Shares no block with an earlier backup. */
  public BackupRequest sharingNothing() {
    return new BackupRequest(
        name,
        compression,
        compressionLevel,
        wireCompression,
        maxRateBytes,
        immediateCheckpoint,
        true,
        waitTimeout,
        retryTimes,
        retrySleep);
  }

  private static void require(boolean holds, String found, String expected) {
    if (!holds) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE, found + " is not allowed", "choose one " + expected);
    }
  }
}
