package io.github.barman4j.repository;

/** Takes the content of a file, in order, without gaps. */
@FunctionalInterface
public interface BlockConsumer {

  /**
   * Verified bytes.
   *
   * @param offset of the first byte in the file
   * @param buffer belongs to the reader: not to be changed, and not to be used after the call
   * @param from where in the buffer they begin
   * @param length at least 1
   */
  void block(long offset, byte[] buffer, int from, int length);

  /** A run of zero bytes, as long as it may be. Unless overridden, comes as blocks. */
  default void zeros(long offset, long length) {
    byte[] buffer = new byte[(int) Math.min(length, 1 << 16)];
    for (long done = 0; done < length; ) {
      int step = (int) Math.min(length - done, buffer.length);
      block(offset + done, buffer, 0, step);
      done += step;
    }
  }
}
