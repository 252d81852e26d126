package io.github.barman4j.protocol;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Sends messages, each in one write. Thread-safe. */
final class MessageWriter {
  private static final byte[] NONE = new byte[0];

  private final OutputStream out;

  MessageWriter(Socket socket) throws IOException {
    this.out = socket.getOutputStream();
  }

  void query(String command) throws IOException {
    byte[] text = command.getBytes(StandardCharsets.UTF_8);
    byte[] terminated = new byte[text.length + 1];
    System.arraycopy(text, 0, terminated, 0, text.length);
    send('Q', terminated);
  }

  void copyData(byte[] payload) throws IOException {
    send('d', payload);
  }

  void copyDone() throws IOException {
    send('c', NONE);
  }

  void terminate() throws IOException {
    send('X', NONE);
  }

  private synchronized void send(char type, byte[] payload) throws IOException {
    ByteBuffer message = ByteBuffer.allocate(1 + Integer.BYTES + payload.length);
    message.put((byte) type).putInt(Integer.BYTES + payload.length).put(payload);
    out.write(message.array());
    out.flush();
  }
}
