package io.github.barman4j.codec;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;

/** How to compress what is written. The text form goes into the catalog. */
public sealed interface Compression {
  /** Zstandard at level 1. */
  Compression DEFAULT = new Zstd(1);

  Compression NONE = new None();

  /** The byte that the repository's format has for it. */
  byte id();

  record None() implements Compression {
    public static final byte ID = 0;

    @Override
    public byte id() {
      return ID;
    }

    @Override
    public String toString() {
      return "none";
    }
  }

  /** @param level 1 to 19; a BarmanException (INVALID_VALUE) for any other */
  record Zstd(int level) implements Compression {
    public static final byte ID = 1;

    public Zstd {
      if (level < 1 || level > 19) {
        throw new BarmanException(
            ErrorCode.INVALID_VALUE,
            "zstd has no level " + level + " here",
            "choose a level from 1 (fast) to 19 (small)");
      }
    }

    @Override
    public byte id() {
      return ID;
    }

    @Override
    public String toString() {
      return "zstd:" + level;
    }
  }
}
