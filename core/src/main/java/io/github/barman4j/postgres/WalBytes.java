package io.github.barman4j.postgres;

import java.io.IOException;
import java.io.InputStream;

/**
 * A window on the log's bytes that moves forward only: 256 KiB, whatever is read through it. Addresses are positions in the log.
 * Not thread-safe; closes nothing.
 */
final class WalBytes {
  private static final int CAPACITY = 256 << 10;

  private final byte[] window = new byte[CAPACITY];
  private InputStream source;
  private long base;
  private int filled;

  /** Bytes of {@code source}, the first of which stands at {@code address}. */
  WalBytes(InputStream source, long address) {
    this.source = source;
    this.base = address;
  }

  /** Goes on with another source, whose first byte stands at {@link #end()}. */
  void append(InputStream next) {
    this.source = next;
  }

  byte[] array() {
    return window;
  }

  /** Where the byte at an address stands in {@link #array()}; valid until the next call of {@link #available}. */
  int index(long address) {
    return (int) (address - base);
  }

  /** Address after the last byte that has been read from the source. */
  long end() {
    return base + filled;
  }

  /**
   * Brings bytes from an address on into the window, drops those before it if it has to, and blocks as the source does.
   *
   * @param address not before an earlier call's
   * @param wanted at most a page, 64 KiB
   * @return how many of them are there: fewer than wanted only where the source has ended
   */
  int available(long address, int wanted) throws IOException {
    long have = end() - address;
    return have >= wanted ? wanted : fill(address, wanted);
  }

  private int fill(long address, int wanted) throws IOException {
    while (end() - address < 0) {
      base += filled;
      filled = 0;
      if (!read()) {
        return 0;
      }
    }
    if (address - base + wanted > CAPACITY) {
      int from = index(address);
      System.arraycopy(window, from, window, 0, filled - from);
      filled -= from;
      base = address;
    }
    while (end() - address < wanted && read()) {}
    return (int) Math.min(wanted, end() - address);
  }

  private boolean read() throws IOException {
    int count = source.read(window, filled, CAPACITY - filled);
    if (count > 0) {
      filled += count;
    }
    return count > 0;
  }
}
