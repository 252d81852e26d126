package io.github.barman4j.protocol;

import static io.github.barman4j.protocol.Messages.complete;
import static io.github.barman4j.protocol.Messages.copyData;
import static io.github.barman4j.protocol.Messages.copyResponse;
import static io.github.barman4j.protocol.Messages.error;
import static io.github.barman4j.protocol.Messages.int64;
import static io.github.barman4j.protocol.Messages.join;
import static io.github.barman4j.protocol.Messages.message;
import static io.github.barman4j.protocol.Messages.ready;
import static io.github.barman4j.protocol.Messages.row;
import static io.github.barman4j.protocol.Messages.string;
import static io.github.barman4j.protocol.Messages.text;
import static io.github.barman4j.protocol.Messages.titles;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.barman4j.BarmanException;
import io.github.barman4j.EventSink;
import io.github.barman4j.postgres.PostgresVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a server answers, the engine ends with an error of its own or with a value. */
class ServerAnswerFuzz {
  private static final int COMMAND = 0;
  private static final int BASE_BACKUP = 1;
  private static final int WAL = 2;
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final ConnectionSettings SETTINGS =
      ConnectionSettings.of("jdbc:postgresql://db.example.org/app");

  static Stream<byte[]> seeds() {
    byte[] begin = join(
        titles("recptr", "tli"),
        row("0/2000028", "1"),
        complete("SELECT"),
        titles("spcoid", "spclocation", "size"),
        row("16390", "/srv/ts", "7"),
        row(null, null, "100"),
        complete("SELECT"),
        copyResponse('H'));
    byte[] end = join(
        message('c'),
        titles("recptr", "tli"),
        row("0/2000100", "1"),
        complete("SELECT"),
        complete("BASE_BACKUP"),
        ready());
    return Stream.of(
        seed(COMMAND, titles("a", "b"), row("1", null), complete("SELECT"), ready()),
        seed(COMMAND, error("ERROR", "42704", "there is no such slot"), ready()),
        seed(COMMAND, error("FATAL", "57P01", "terminated")),
        seed(
            BASE_BACKUP,
            begin,
            copyData(text("n"), string("base.tar"), string("")),
            copyData(text("d"), new byte[600]),
            copyData(text("p"), int64(42)),
            copyData(text("m")),
            copyData(text("d"), text("{}")),
            end),
        seed(
            WAL,
            copyResponse('W'),
            copyData(text("w"), int64(0x2000000), int64(0x2000010), int64(0), new byte[16]),
            copyData(text("k"), int64(0x2000010), int64(0), new byte[] {1}),
            message('c'),
            titles("next_tli", "next_tli_startpos"),
            row("2", "0/2000000"),
            complete("SELECT"),
            complete("START_REPLICATION"),
            ready()));
  }

  private static byte[] seed(int command, byte[]... messages) {
    return join(new byte[] {(byte) command}, join(messages));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "20s")
  void endsInAnErrorOfOurs(byte[] input) throws IOException {
    if (input.length == 0) {
      return;
    }
    CannedSocket socket = new CannedSocket(Arrays.copyOfRange(input, 1, input.length));
    Exchange exchange = new Exchange(
        new ServerSession(
            CannedSocket.NO_CONNECTION,
            socket,
            socket,
            SETTINGS,
            new HostAddress("db.example.org", 5432),
            PostgresVersion.parse("18.1"),
            false),
        EventSink.NONE);
    try {
      switch (input[0] & 3) {
        case COMMAND -> exchange.run("IDENTIFY_SYSTEM", Attempt.COMMAND, "identifying the system");
        case BASE_BACKUP -> readBackup(exchange);
        default -> readWal(exchange);
      }
    } catch (BarmanException expected) {
      // What a hostile server must come to.
    }
  }

  private static void readBackup(Exchange exchange) {
    try (BaseBackupStream stream =
        BaseBackupStream.start(exchange, BaseBackupOptions.labelled("fuzz"), () -> {})) {
      while (stream.next() != null) {
        // What comes in between is somebody else's to judge.
      }
      stream.end();
      stream.endTimeline();
    }
  }

  private static void readWal(Exchange exchange) {
    try (WalStream stream =
        WalStream.start(exchange, "START_REPLICATION", "streaming", Duration.ofSeconds(60))) {
      WalMessage message;
      do {
        message = stream.poll(SHORT);
      } while (!(message instanceof WalMessage.EndOfTimeline
          || message instanceof WalMessage.ServerStopped));
    }
  }
}
