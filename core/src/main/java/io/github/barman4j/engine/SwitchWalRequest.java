package io.github.barman4j.engine;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * How to end the segment that a server writes.
 *
 * @param restorePoint the name of the restore point before the switch, 1 to 63 bytes (manual, 9.27.3)
 * @param waitArchived wait until the ended segment is in the archive
 * @param waitTimeout how long at most
 */
public record SwitchWalRequest(String restorePoint, boolean waitArchived, Duration waitTimeout) {
  private static final int LONGEST_NAME = 63;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  public SwitchWalRequest {
    int bytes = restorePoint.getBytes(StandardCharsets.UTF_8).length;
    if (restorePoint.isBlank()
        || bytes > LONGEST_NAME
        || restorePoint.chars().anyMatch(Character::isISOControl)) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "'" + restorePoint + "' is not a name for a restore point",
          "use 1 to " + LONGEST_NAME + " bytes without control characters in barman.restorePoint");
    }
    if (waitTimeout.isNegative()) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "a wait timeout of " + waitTimeout + " is not allowed",
          "choose one of zero or more");
    }
  }

  /** A name that says when the restore point was made: {@code barman_20261123T060102Z}. */
  public static String restorePointAt(Instant time) {
    return "barman_" + TIME.format(time);
  }
}
