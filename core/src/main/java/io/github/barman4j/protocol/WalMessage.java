package io.github.barman4j.protocol;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import java.nio.ByteBuffer;

/** What a {@link WalStream} gives out. */
public sealed interface WalMessage {

  /**
   * A stretch of WAL.
   *
   * @param start the position of its first byte
   * @param serverEnd up to where the server has WAL to send
   * @param data valid until the next {@link WalStream#poll}; backed by an array
   */
  record WalData(Lsn start, Lsn serverEnd, ByteBuffer data) implements WalMessage {
    /** The position after the last byte. */
    public Lsn end() {
      return start.plus(data.remaining());
    }
  }

  /**
   * The server is alive.
   *
   * @param replyRequested whether it closes the connection unless a status comes soon
   */
  record Keepalive(Lsn serverEnd, boolean replyRequested) implements WalMessage {}

  /**
   * The timeline has ended, and all of it was sent: the stream is over and the connection free for the next timeline.
   *
   * @param switchPoint where the next timeline begins
   */
  record EndOfTimeline(Timeline next, Lsn switchPoint) implements WalMessage {}

  /** The server shuts down and has sent all of its WAL: the stream and the connection are over. */
  record ServerStopped() implements WalMessage {}
}
