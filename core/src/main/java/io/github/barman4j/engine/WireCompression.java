package io.github.barman4j.engine;

/** How the server compresses a base backup before it sends it. */
public enum WireCompression {
  /** Zstandard over a network when the server has it, none on this host. */
  AUTO,
  ZSTD,
  LZ4,
  GZIP,
  NONE
}
