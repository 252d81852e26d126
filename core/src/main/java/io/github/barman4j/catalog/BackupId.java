package io.github.barman4j.catalog;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The name of a backup: the time of its start in UTC and four hexadecimal digits that keep two backups of one second apart, for
 * example {@code 20261123T060102Z-1a2b}. Ids sort by time.
 */
public record BackupId(String value) implements Comparable<BackupId> {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int SUFFIXES = 1 << 16;
  private static final String FORM = "[0-9]{8}T[0-9]{6}Z-[0-9a-f]{4}";

  /** Refuses any other form with a BarmanException (INVALID_VALUE). */
  public BackupId {
    if (!isOne(value)) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "'" + value + "' is no backup id",
          "an id looks like 20261123T060102Z-1a2b; list-backups shows them.");
    }
  }

  public static BackupId at(Instant start, RandomGenerator random) {
    return new BackupId(
        TIME.format(start) + String.format(Locale.ROOT, "-%04x", random.nextInt(SUFFIXES)));
  }

  /**
   * Like {@link #at}, and behind the newest id there is, also when that is of the same second or the clock was set back since: else nobody
   * could tell which backup is the latest.
   */
  public static BackupId after(Optional<BackupId> newest, Instant start, RandomGenerator random) {
    Instant time = newest.flatMap(BackupId::startedAt).filter(start::isBefore).orElse(start);
    String second = TIME.format(time) + "-";
    int free = newest
        .filter(id -> id.value.startsWith(second))
        .map(id -> Integer.parseInt(id.value.substring(second.length()), 16) + 1)
        .orElse(0);
    return free == SUFFIXES
        ? at(time.plusSeconds(1), random)
        : new BackupId(second + String.format(Locale.ROOT, "%04x", random.nextInt(free, SUFFIXES)));
  }

  /**
   * The second in which the backup began, by the server's clock, or when that was set back the second of the backup before it; empty for
   * digits that are no date.
   */
  public Optional<Instant> startedAt() {
    try {
      return Optional.of(TIME.parse(value.substring(0, value.indexOf('-')), Instant::from));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Whether a text has the form of an id. */
  static boolean isOne(String text) {
    return text.matches(FORM);
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
