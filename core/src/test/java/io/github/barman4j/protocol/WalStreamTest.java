package io.github.barman4j.protocol;

import static io.github.barman4j.protocol.Messages.complete;
import static io.github.barman4j.protocol.Messages.copyData;
import static io.github.barman4j.protocol.Messages.copyResponse;
import static io.github.barman4j.protocol.Messages.error;
import static io.github.barman4j.protocol.Messages.identity;
import static io.github.barman4j.protocol.Messages.int64;
import static io.github.barman4j.protocol.Messages.join;
import static io.github.barman4j.protocol.Messages.keepalive;
import static io.github.barman4j.protocol.Messages.message;
import static io.github.barman4j.protocol.Messages.ready;
import static io.github.barman4j.protocol.Messages.row;
import static io.github.barman4j.protocol.Messages.text;
import static io.github.barman4j.protocol.Messages.titles;
import static io.github.barman4j.protocol.Messages.walData;
import static io.github.barman4j.protocol.ReplicationConnectionTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class WalStreamTest {
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration SHORT = Duration.ofMillis(20);
  private static final Lsn START = Lsn.parse("0/3000000");
  private static final Timeline FIRST = new Timeline(1);

  /** What comes where a timeline ends. */
  private static final byte[] NEXT_TIMELINE = join(
      titles("next_tli", "next_tli_startpos"),
      row("2", "0/3000100"),
      complete("SELECT"),
      complete("START_REPLICATION"),
      ready());

  private final AtomicReference<String> query = new AtomicReference<>();

  private FakePostgres streaming(FakePostgres.Script script) throws IOException {
    return FakePostgres.that(session -> {
      query.set(session.query());
      session.send(copyResponse('W'));
      script.run(session);
    });
  }

  @Test
  void asksForWhatIsWanted() throws IOException {
    try (FakePostgres server = streaming(FakePostgres.Session::awaitEnd);
        ReplicationConnection connection = server.connect()) {
      connection.startReplication("my_slot", START, new Timeline(3));
      assertThat(query)
          .hasValue("START_REPLICATION SLOT \"my_slot\" PHYSICAL 0/3000000 TIMELINE 3");
    }
  }

  @Test
  void givesDataAndSignsOfLife() throws IOException {
    try (FakePostgres server = streaming(session -> {
          session.send(
              walData(0x3000000L, 0x3000008L, new byte[] {1, 2, 3, 4}),
              keepalive(0x3000008L, true));
          session.awaitEnd();
        });
        ReplicationConnection connection = server.connect()) {
      WalStream stream = connection.startReplication(null, START, FIRST);
      WalMessage.WalData data = (WalMessage.WalData) stream.poll(LONG);
      assertThat(data.start()).isEqualTo(START);
      assertThat(data.end()).isEqualTo(START.plus(4));
      assertThat(data.serverEnd()).isEqualTo(START.plus(8));
      assertThat(data.data().get(3)).isEqualTo((byte) 4);
      assertThat(stream.hasBuffered()).isTrue();
      assertThat(stream.poll(LONG)).isEqualTo(new WalMessage.Keepalive(START.plus(8), true));
      assertThat(stream.hasBuffered()).isFalse();
      assertThat(stream.poll(SHORT)).isNull();
      assertThat(query).hasValue("START_REPLICATION PHYSICAL 0/3000000 TIMELINE 1");
    }
  }

  @Test
  void reportsExactlyWhatItIsTold() throws Exception {
    BlockingQueue<byte[]> statuses = new LinkedBlockingQueue<>();
    try (FakePostgres server = streaming(session -> statuses.add(session.expect('d')));
        ReplicationConnection connection = server.connect()) {
      WalStream stream = connection.startReplication(null, START, FIRST);
      stream.status(START.plus(3), START.plus(2), START.plus(1), true);
      ByteBuffer status = ByteBuffer.wrap(statuses.take());
      assertThat(status.get()).isEqualTo((byte) 'r');
      assertThat(status.getLong()).isEqualTo(0x3000003L);
      assertThat(status.getLong()).isEqualTo(0x3000002L);
      assertThat(status.getLong()).isEqualTo(0x3000001L);
      long sent = Instant.parse("2000-01-01T00:00:00Z").until(Instant.now(), ChronoUnit.MICROS);
      assertThat(status.getLong()).isBetween(sent - 10_000_000, sent + 1_000_000);
      assertThat(status.get()).isEqualTo((byte) 1);
      assertThat(status.hasRemaining()).isFalse();
    }
  }

  @Test
  void endsWithItsTimelineAndLeavesTheConnectionFree() throws IOException {
    try (FakePostgres server = streaming(session -> {
          session.send(message('c'));
          session.expect('c');
          session.send(NEXT_TIMELINE);
          session.query();
          session.send(identity());
        });
        ReplicationConnection connection = server.connect()) {
      try (WalStream stream = connection.startReplication(null, START, FIRST)) {
        assertThat(stream.poll(LONG))
            .isEqualTo(new WalMessage.EndOfTimeline(new Timeline(2), Lsn.parse("0/3000100")));
        assertThatThrownBy(() -> stream.poll(LONG)).isInstanceOf(IllegalStateException.class);
      }
      assertThat(connection.identifySystem().timeline()).isEqualTo(FIRST);
    }
  }

  @Test
  void endsAtOnceWhenTheTimelineEndsWhereItBegins() throws IOException {
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.send(NEXT_TIMELINE);
          session.query();
          session.send(identity());
        });
        ReplicationConnection connection = server.connect()) {
      try (WalStream stream = connection.startReplication(null, START, FIRST)) {
        assertThat(stream.hasBuffered()).isTrue();
        assertThat(stream.poll(LONG))
            .isEqualTo(new WalMessage.EndOfTimeline(new Timeline(2), Lsn.parse("0/3000100")));
      }
      connection.identifySystem();
    }
  }

  @Test
  void tellsAServerThatStopsFromOneThatIsLost() throws IOException {
    try (FakePostgres server = streaming(session -> session.send(complete("COPY 0")));
        ReplicationConnection connection = server.connect()) {
      assertThat(connection.startReplication(null, START, FIRST).poll(LONG))
          .isEqualTo(new WalMessage.ServerStopped());
    }
    try (FakePostgres server = streaming(session -> {});
        ReplicationConnection connection = server.connect()) {
      WalStream stream = connection.startReplication(null, START, FIRST);
      assertFails(ErrorCode.CONNECTION_LOST, () -> stream.poll(LONG));
    }
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of("55006", ErrorCode.SLOT_IN_USE),
        Arguments.of("42704", ErrorCode.SLOT_MISSING),
        Arguments.of("58P01", ErrorCode.WAL_REMOVED),
        Arguments.of("55000", ErrorCode.SLOT_LOST),
        Arguments.of("XX000", ErrorCode.SERVER_ERROR));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void saysWhyThereIsNoStream(String sqlState, ErrorCode code) throws IOException {
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.send(error("ERROR", sqlState, "no"), ready());
          session.query();
          session.send(copyResponse('W'), error("ERROR", sqlState, "no longer"), ready());
          session.awaitEnd();
        });
        ReplicationConnection connection = server.connect()) {
      assertFails(code, () -> connection.startReplication("a", START, FIRST));
      WalStream stream = connection.startReplication("a", START, FIRST);
      assertFails(code, () -> stream.poll(LONG));
      assertThat(connection.isUsable()).isTrue();
    }
  }

  static Stream<byte[]> violations() {
    return Stream.of(
        copyData(),
        copyData(text("?")),
        copyData(text("w"), int64(1)),
        copyData(text("k"), int64(1), int64(2)),
        copyData(text("k"), int64(1), int64(2), new byte[2]),
        ready(),
        row("1"),
        join(message('c'), ready()),
        join(message('c'), titles("next_tli", "next_tli_startpos"), ready()),
        join(message('c'), titles("a", "b"), row("1", "2"), ready()));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void refusesWhatIsNoStream(byte[] answer) throws IOException {
    try (FakePostgres server = streaming(session -> {
          session.send(answer);
          session.awaitEnd();
        });
        ReplicationConnection connection = server.connect()) {
      WalStream stream = connection.startReplication(null, START, FIRST);
      assertFails(ErrorCode.PROTOCOL_VIOLATION, () -> stream.poll(LONG));
      assertThatThrownBy(() -> stream.poll(LONG)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void asksASilentServerForASignOfLifeWithThePositionsOfBefore() throws Exception {
    BlockingQueue<byte[]> statuses = new LinkedBlockingQueue<>();
    try (FakePostgres server = streaming(session -> {
          statuses.add(session.expect('d'));
          statuses.add(session.expect('d'));
          session.send(keepalive(1, false));
          session.awaitEnd();
        });
        ReplicationConnection connection = server.connect("&socketTimeout=2")) {
      WalStream stream = connection.startReplication(null, START, FIRST);
      stream.status(START.plus(2), START.plus(1), Lsn.INVALID, false);
      WalMessage message = null;
      while (message == null) {
        message = stream.poll(Duration.ofMillis(100));
      }
      assertThat(message).isInstanceOf(WalMessage.Keepalive.class);
      byte[] told = statuses.take();
      byte[] asked = statuses.take();
      assertThat(Arrays.copyOf(asked, 25)).isEqualTo(Arrays.copyOf(told, 25));
      assertThat(asked[33]).isEqualTo((byte) 1);
    }
  }

  @Test
  void givesUpOnAServerWithoutASignOfLife() throws IOException {
    try (FakePostgres server = streaming(FakePostgres.Session::awaitEnd);
        ReplicationConnection connection = server.connect("&socketTimeout=1")) {
      WalStream stream = connection.startReplication(null, START, FIRST);
      assertFails(ErrorCode.SERVER_SILENT, () -> {
        while (true) {
          stream.poll(Duration.ofMillis(100));
        }
      });
    }
  }

  @Test
  void readsWhatIsUnderWayWhenItIsClosed() throws IOException {
    try (FakePostgres server = streaming(session -> {
          session.send(walData(0x3000000L, 0x3000008L, new byte[100_000]));
          session.expect('c');
          session.send(
              walData(0x3000000L, 0x3000008L, new byte[100_000]),
              message('c'),
              complete("COPY 0"),
              complete("START_REPLICATION"),
              ready());
          session.query();
          session.send(identity());
        });
        ReplicationConnection connection = server.connect()) {
      connection.startReplication(null, START, FIRST).close();
      assertThat(connection.identifySystem().timeline()).isEqualTo(FIRST);
    }
  }

  @Test
  void closesInBoundedTimeWhateverTheServerDoes() throws IOException {
    try (FakePostgres server = streaming(session -> {
          while (true) {
            session.send(keepalive(1, false));
          }
        });
        ReplicationConnection connection = server.connect()) {
      WalStream stream = connection.startReplication(null, START, FIRST);
      long before = System.nanoTime();
      stream.close();
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(8));
      assertThat(connection.isUsable()).isFalse();
    }
  }

  @Test
  void allowsNoOtherCommandBeforeItIsClosed() throws IOException {
    try (FakePostgres server = streaming(FakePostgres.Session::awaitEnd);
        ReplicationConnection connection = server.connect()) {
      connection.startReplication(null, START, FIRST);
      assertThatThrownBy(connection::identifySystem).isInstanceOf(IllegalStateException.class);
    }
  }
}
