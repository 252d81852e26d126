package io.github.barman4j.server;

import java.util.Locale;

/** How a server compresses a base backup before it sends it. */
public enum WireCompression {
  /** Zstandard over a network when the server has it, none on one machine. */
  AUTO,
  ZSTD,
  GZIP,
  LZ4,
  NONE;

  /** As the server and the user write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
