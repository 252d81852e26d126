package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What a bad disk does to a file. */
final class FlippedBit {
  private FlippedBit() {}

  /** Turns the lowest bit of a byte; doing it twice changes nothing. */
  static void in(Path file, long position) {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      if (channel.read(one, position) != 1) {
        throw new IOException(file + " has no byte " + position);
      }
      one.put(0, (byte) (one.get(0) ^ 1));
      one.rewind();
      channel.write(one, position);
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "byte " + position + " of " + file + " could not be damaged",
          "see the cause",
          e);
    }
  }
}
