package io.github.barman4j.receive;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.protocol.WalMessage;
import io.github.barman4j.protocol.WalStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where log comes from and acknowledgements go: a {@link WalStream}, whose methods these are. */
interface LogSource {
  static LogSource of(WalStream stream) {
    return new LogSource() {
      @Override
      public @Nullable WalMessage poll(Duration timeout) {
        return stream.poll(timeout);
      }

      @Override
      public boolean hasBuffered() {
        return stream.hasBuffered();
      }

      @Override
      public void status(Lsn written, Lsn flushed) {
        stream.status(written, flushed, Lsn.INVALID, false);
      }
    };
  }

  @Nullable
  WalMessage poll(Duration timeout);

  boolean hasBuffered();

  /** What is applied is never told: nothing is. */
  void status(Lsn written, Lsn flushed);
}
