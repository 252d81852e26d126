package io.github.barman4j.catalog;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * The name of a backup: the time of its start in UTC and four hexadecimal digits that keep two backups of one second apart, for
 * example {@code 20261123T060102Z-1a2b}. Ids sort by time.
 */
public record BackupId(String value) implements Comparable<BackupId> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Refuses any other form with a BarmanException (INVALID_VALUE). */
  public BackupId {
    if (!value.matches("[0-9]{8}T[0-9]{6}Z-[0-9a-f]{4}")) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "'" + value + "' is no backup id",
          "an id looks like 20261123T060102Z-1a2b; list-backups shows them.");
    }
  }

  public static BackupId at(Instant start, RandomGenerator random) {
    return new BackupId(
        TIME.format(start) + String.format(Locale.ROOT, "-%04x", random.nextInt(1 << 16)));
  }

  @Override
  public int compareTo(BackupId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
