package io.github.barman4j.wal;

import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegment;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the archive's objects are, below the server's own prefix. */
final class WalKeys {
  static final String ALL = "wal/";
  static final String HISTORIES = "wal/history/";
  static final String QUARANTINE = "wal/quarantine/";
  static final String GAPS = "wal/gaps/";
  static final String COMPANIONS = "wal/companions/";
  private static final String HISTORY_SUFFIX = ".history";

  private static final Pattern SEGMENT =
      Pattern.compile("wal/([0-9A-F]{8})/([0-9A-F]{8})/(\\1\\2[0-9A-F]{8})");

  private WalKeys() {}

  static String of(WalSegment segment) {
    return ALL + segment.timeline().hex() + "/" + segment.log() + "/" + segment.name();
  }

  static String ofHistory(Timeline timeline) {
    return HISTORIES + timeline.hex() + HISTORY_SUFFIX;
  }

  /** @param hash the first digits of the content's hash */
  static String ofQuarantined(String name, String hash) {
    return QUARANTINE + name + "." + hash;
  }

  /** @param first the first segment that is missing */
  static String ofGap(WalSegment first) {
    return GAPS + first.name();
  }

  /** @param fileName as the server's archive_command gave it */
  static String ofCompanion(String fileName) {
    return COMPANIONS + fileName;
  }

  /** The name of the segment that a key is of; empty when it is of none. */
  static Optional<String> segmentIn(String key) {
    Matcher matcher = SEGMENT.matcher(key);
    return matcher.matches() ? Optional.of(matcher.group(3)) : Optional.empty();
  }

  /** The timeline that a key holds the history of. */
  static Optional<Timeline> historyIn(String key) {
    boolean isHistory = key.startsWith(HISTORIES)
        && key.endsWith(HISTORY_SUFFIX)
        && key.length() == HISTORIES.length() + 8 + HISTORY_SUFFIX.length();
    return isHistory
        ? Optional.of(Timeline.parseHex(key.substring(HISTORIES.length(), HISTORIES.length() + 8)))
        : Optional.empty();
  }
}
