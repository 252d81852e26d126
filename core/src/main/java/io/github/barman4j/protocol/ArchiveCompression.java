package io.github.barman4j.protocol;

import java.util.Locale;

/** How a server compresses the archives of a base backup (manual, 55.4, COMPRESSION). */
public enum ArchiveCompression {
  NONE(0),
  GZIP(9),
  LZ4(12),
  ZSTD(22);

  private final int highestLevel;

  ArchiveCompression(int highestLevel) {
    this.highestLevel = highestLevel;
  }

  boolean allows(int level) {
    return level >= 1 && level <= highestLevel;
  }

  /** As the server writes it. */
  public String option() {
    return name().toLowerCase(Locale.ROOT);
  }
}
