package io.github.barman4j.repository;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.nio.charset.StandardCharsets;

/** The rule for paths in a manifest: relative, no part empty, {@code .} or {@code ..}, no NUL, at most 4096 bytes. */
final class EntryPath {
  private static final int MAXIMUM_BYTES = 4096;

  private EntryPath() {}

  static void check(String path) {
    boolean sound =
        path.indexOf('\0') < 0 && path.getBytes(StandardCharsets.UTF_8).length <= MAXIMUM_BYTES;
    for (String part : path.split("/", -1)) {
      sound &= !part.isEmpty() && !part.equals(".") && !part.equals("..");
    }
    if (!sound) {
      throw new BarmanException(
          ErrorCode.HOSTILE_ARCHIVE,
          "'" + path + "' is no path inside a data directory",
          "a server does not have such a file: was the stream changed on its way?");
    }
  }
}
