package io.github.barman4j.protocol;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the bytes from a server into messages: a type, four bytes of length, a payload (manual, 55.1.1).
 *
 * <p>One buffer is reused, large enough that a base backup costs few reads; a payload is a view of it. Nothing that has arrived is lost
 * when the time is up in the middle of a message. For one thread.
 */
final class MessageReader {
  /** What no server sends; a length above it is garbage. WAL comes in 128 KiB, base backups in 32 KiB. */
  static final int LARGEST_MESSAGE = 16 << 20;

  private static final int BUFFER_BYTES = 256 << 10;
  private static final int HEADER_BYTES = 5;

  /** How long a wait goes on after its thread was interrupted. */
  private static final int SLICE_MILLIS = 200;

  /**
   * One message.
   *
   * @param payload valid until the next one is read
   */
  record Message(char type, ByteBuffer payload) {}

  private final Socket socket;
  private final InputStream in;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int position;
  private int limit;

  MessageReader(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  /**
   * The next message, or null when it is not whole after that time.
   *
   * @throws InterruptedIOException when the thread is interrupted while nothing comes
   * @throws EOFException when the server has closed the connection
   */
  @Nullable
  Message next(Duration timeout) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    if (!require(HEADER_BYTES, deadline)) {
      return null;
    }
    int length = lengthAt(position);
    if (!require(1 + length, deadline)) {
      return null;
    }
    char type = (char) (buffer[position] & 0xff);
    ByteBuffer payload =
        ByteBuffer.wrap(buffer, position + HEADER_BYTES, length - Integer.BYTES).slice();
    position += 1 + length;
    return new Message(type, payload);
  }

  /** Whether there is something to read without waiting. */
  boolean hasBuffered() throws IOException {
    int held = limit - position;
    return held >= HEADER_BYTES && held > lengthAt(position) || in.available() > 0;
  }

  private int lengthAt(int header) {
    int length = ByteBuffer.wrap(buffer).getInt(header + 1);
    if (length < Integer.BYTES || length > LARGEST_MESSAGE) {
      throw Payload.violation("a message of type " + printable(buffer[header])
          + " with a length of " + Integer.toUnsignedString(length) + " bytes");
    }
    return length;
  }

  private static String printable(byte type) {
    return type > ' ' && type < 0x7f
        ? "'" + (char) type + "'"
        : "0x" + Integer.toHexString(type & 0xff);
  }

  private boolean require(int bytes, long deadline) throws IOException {
    if (position == limit) {
      position = 0;
      limit = 0;
    }
    if (position + bytes > buffer.length) {
      byte[] roomy = bytes > buffer.length ? new byte[bytes] : buffer;
      System.arraycopy(buffer, position, roomy, 0, limit - position);
      buffer = roomy;
      limit -= position;
      position = 0;
    }
    boolean tried = false;
    while (limit - position < bytes) {
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (tried && millis <= 0) {
        return false;
      }
      fill((int) Math.min(SLICE_MILLIS, Math.max(1, millis)));
      tried = true;
    }
    return true;
  }

  /** Reads what comes in that time, if anything does. A socket's read does not end when its thread is interrupted. */
  private void fill(int timeoutMillis) throws IOException {
    socket.setSoTimeout(timeoutMillis);
    int count;
    try {
      count = in.read(buffer, limit, buffer.length - limit);
    } catch (SocketTimeoutException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("the thread was interrupted");
      }
      return;
    }
    if (count < 0) {
      throw new EOFException(
          limit == position
              ? "the server closed the connection"
              : "the server closed the connection in the middle of a message");
    }
    limit += count;
  }
}
