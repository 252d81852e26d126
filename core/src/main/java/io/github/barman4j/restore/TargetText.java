package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A recovery target as a user writes it; null and blank stand for "not given".
 *
 * @param time ISO-8601 with zone, a blank for the T allowed: what {@code select now()} prints can be used as it is
 * @param lsn as PostgreSQL prints it
 * @param xid decimal, 32 bits or 64 ({@code pg_current_xact_id()})
 * @param name of a restore point
 * @param immediate to the end of the backup
 * @param inclusive whether what lies exactly at the target is replayed; counts for time, lsn and xid
 */
public record TargetText(
    @Nullable String time,
    @Nullable String lsn,
    @Nullable String xid,
    @Nullable String name,
    boolean immediate,
    boolean inclusive) {
  private static final Pattern TIME = Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]"
      + "([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?) ?"
      + "([Zz]|UTC|[+-][0-9]{2}(?::?[0-9]{2}(?::?[0-9]{2})?)?)?");

  /** No target: everything. */
  public static final TargetText NONE = new TargetText(null, null, null, null, false, true);

  public TargetText {
    time = given(time);
    lsn = given(lsn);
    xid = given(xid);
    name = given(name);
  }

  private static @Nullable String given(@Nullable String text) {
    return text == null || text.isBlank() ? null : text;
  }

  /**
   * Reads the one target that is given, {@link RecoveryTarget.Latest} when there is none.
   *
   * @throws BarmanException (TARGET_INVALID) when more than one is given, a text cannot be read, a time has no zone, or an
   *     exclusive target is asked for where there is none
   */
  public RecoveryTarget target() {
    List<String> given = given();
    if (given.size() > 1) {
      throw invalid(
          "more than one target is given: " + String.join(", ", given),
          "leave one of them; a restore has exactly one target.");
    }
    RecoveryTarget target = parse();
    boolean hasEdge = target instanceof RecoveryTarget.AtTime
        || target instanceof RecoveryTarget.AtLsn
        || target instanceof RecoveryTarget.AtXid;
    if (!inclusive && !hasEdge) {
      throw invalid(
          target.describe() + " cannot be exclusive",
          "barman.targetInclusive counts for a target time, LSN or transaction; leave it out.");
    }
    return target;
  }

  private RecoveryTarget parse() {
    if (time != null) {
      return new RecoveryTarget.AtTime(parseTime(time.strip()), inclusive);
    }
    if (lsn != null) {
      return new RecoveryTarget.AtLsn(parseLsn(lsn.strip()), inclusive);
    }
    if (xid != null) {
      return new RecoveryTarget.AtXid(parseXid(xid.strip()), inclusive);
    }
    if (name != null) {
      return new RecoveryTarget.AtName(name);
    }
    return immediate ? new RecoveryTarget.Immediate() : new RecoveryTarget.Latest();
  }

  private List<String> given() {
    List<String> given = new ArrayList<>();
    if (time != null) {
      given.add("barman.targetTime");
    }
    if (lsn != null) {
      given.add("barman.targetLsn");
    }
    if (xid != null) {
      given.add("barman.targetXid");
    }
    if (name != null) {
      given.add("barman.targetName");
    }
    if (immediate) {
      given.add("barman.targetImmediate");
    }
    return given;
  }

  static Instant parseTime(String text) {
    Matcher matcher = TIME.matcher(text);
    if (!matcher.matches()) {
      throw invalidTime(text, null);
    }
    String zone = matcher.group(3);
    if (zone == null) {
      throw invalid(
          "the target time '" + text + "' has no zone",
          "add it, for example " + text.replace(' ', 'T') + "Z for UTC or " + text.replace(' ', 'T')
              + "+01:00; without one the result would depend on the machine.");
    }
    try {
      String local = matcher.group(1) + "T" + matcher.group(2).replace(',', '.');
      ZoneOffset offset =
          zone.matches("[Zz]|UTC") ? ZoneOffset.UTC : ZoneOffset.of(zone.replace(":", ""));
      return LocalDateTime.parse(local).toInstant(offset);
    } catch (DateTimeException e) {
      throw invalidTime(text, e);
    }
  }

  private static Lsn parseLsn(String text) {
    try {
      return Lsn.parse(text);
    } catch (BarmanException e) {
      throw new BarmanException(
          ErrorCode.TARGET_INVALID, "the target LSN: " + e.problem(), e.hint(), e);
    }
  }

  private static long parseXid(String text) {
    if (!text.matches("[0-9]{1,20}") || new BigInteger(text).bitLength() > Long.SIZE) {
      throw invalid(
          "'" + text + "' is no transaction id",
          "write the decimal number that pg_current_xact_id() or txid_current() gives.");
    }
    return Long.parseUnsignedLong(text);
  }

  private static BarmanException invalidTime(String text, @Nullable Throwable cause) {
    return new BarmanException(
        ErrorCode.TARGET_INVALID,
        "'" + text + "' is no moment in time",
        "write date, time and zone, for example 2026-01-31T14:05:00Z or 2026-01-31 14:05:00.25+01:00.",
        cause);
  }

  private static BarmanException invalid(String problem, String hint) {
    return new BarmanException(ErrorCode.TARGET_INVALID, problem, hint);
  }
}
