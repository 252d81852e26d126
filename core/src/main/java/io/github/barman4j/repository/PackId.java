package io.github.barman4j.repository;

import io.github.barman4j.BarmanException;
import io.github.barman4j.BlockHash;
import io.github.barman4j.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The names of packs: 40 bits of the backup that writes them, 24 bits of their number, which begins with 1. */
final class PackId {
  private static final int NUMBER_BITS = 24;
  private static final int LAST_NUMBER = (1 << NUMBER_BITS) - 1;

  private PackId() {}

  static long tagOf(String backupId) {
    BlockHash hash = BlockHash.of(backupId.getBytes(StandardCharsets.UTF_8));
    return hash.a() >>> NUMBER_BITS;
  }

  static long of(String backupId, int number) {
    if (number < 1 || number > LAST_NUMBER) {
      throw new BarmanException(
          ErrorCode.BACKUP_FAILED,
          "backup " + backupId + " needs more than " + LAST_NUMBER + " packs",
          "make a new repository with larger packs for a database of this size");
    }
    return tagOf(backupId) << NUMBER_BITS | number;
  }

  static boolean isOf(long packId, String backupId) {
    return packId >>> NUMBER_BITS == tagOf(backupId);
  }

  static String text(long packId) {
    return HexFormat.of().toHexDigits(packId);
  }

  static boolean isOne(String text) {
    return text.matches("[0-9a-f]{16}");
  }

  /** @throws BarmanException (INVALID_VALUE) unless the text is 16 lower-case hexadecimal digits */
  static long parse(String text) {
    if (!isOne(text)) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "'" + text + "' is no pack id",
          "it is the name of a file below packs/, 16 hexadecimal digits");
    }
    return HexFormat.fromHexDigitsToLong(text);
  }
}
