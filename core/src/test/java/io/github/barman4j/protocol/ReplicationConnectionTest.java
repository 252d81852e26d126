package io.github.barman4j.protocol;

import static io.github.barman4j.protocol.Messages.complete;
import static io.github.barman4j.protocol.Messages.error;
import static io.github.barman4j.protocol.Messages.identity;
import static io.github.barman4j.protocol.Messages.int16;
import static io.github.barman4j.protocol.Messages.int32;
import static io.github.barman4j.protocol.Messages.join;
import static io.github.barman4j.protocol.Messages.lying;
import static io.github.barman4j.protocol.Messages.message;
import static io.github.barman4j.protocol.Messages.notice;
import static io.github.barman4j.protocol.Messages.ready;
import static io.github.barman4j.protocol.Messages.row;
import static io.github.barman4j.protocol.Messages.string;
import static io.github.barman4j.protocol.Messages.text;
import static io.github.barman4j.protocol.Messages.titles;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Event;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ReplicationConnectionTest {

  static void assertFails(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(BarmanException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void identifiesTheSystem() throws IOException {
    AtomicReference<String> query = new AtomicReference<>();
    try (FakePostgres server = FakePostgres.that(session -> {
          query.set(session.query());
          session.send(identity());
        });
        ReplicationConnection connection = server.connect()) {
      SystemIdentity identity = connection.identifySystem();
      assertThat(identity.systemIdentifier()).hasToString("7711250585632460860");
      assertThat(identity.timeline()).isEqualTo(new Timeline(1));
      assertThat(identity.flushed()).isEqualTo(Lsn.parse("0/3000060"));
      assertThat(query).hasValue("IDENTIFY_SYSTEM");
      assertThat(connection.isStandby()).isFalse();
      assertThat(connection.serverVersion()).hasToString("15.4");
    }
  }

  @Test
  void saysThatASlotIsNotThere() throws IOException {
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.send(
              titles("slot_type", "restart_lsn", "restart_tli"),
              row(null, null, null),
              complete("READ_REPLICATION_SLOT"),
              ready());
        });
        ReplicationConnection connection = server.connect()) {
      assertThat(connection.readSlot("a")).isEmpty();
    }
  }

  @Test
  void givesAHistoryByteByByte() throws IOException {
    byte[] content = {'1', '\t', (byte) 0xff, 0, '\n'};
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          byte[] name = text("00000002.history");
          session.send(
              titles("filename", "content"),
              message('D', int16(2), int32(name.length), name, int32(content.length), content),
              complete("TIMELINE_HISTORY"),
              ready());
        });
        ReplicationConnection connection = server.connect()) {
      assertThat(connection.timelineHistory(new Timeline(2))).isEqualTo(content);
    }
  }

  @Test
  void keepsTheSqlStateOfAnErrorAndGoesOn() throws IOException {
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.send(error("ERROR", "55006", "slot is active"), ready());
          session.query();
          session.send(identity());
        });
        ReplicationConnection connection = server.connect()) {
      assertThatThrownBy(() -> connection.dropSlot("a", false))
          .isInstanceOfSatisfying(ServerErrorException.class, e -> {
            assertThat(e.sqlState()).isEqualTo("55006");
            assertThat(e.serverMessage()).isEqualTo("slot is active");
            assertThat(e.code()).isEqualTo(ErrorCode.SLOT_IN_USE);
          })
          .hasMessageContaining("dropping slot 'a' on 127.0.0.1:" + server.port());
      assertThat(connection.isUsable()).isTrue();
      assertThat(connection.identifySystem().timeline().id()).isOne();
    }
  }

  @Test
  void isOverAfterAFatalError() throws IOException {
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.send(error("FATAL", "57P01", "terminating connection"));
        });
        ReplicationConnection connection = server.connect()) {
      assertFails(ErrorCode.SERVER_NOT_READY, connection::identifySystem);
      assertThat(connection.isUsable()).isFalse();
      assertFails(ErrorCode.CONNECTION_LOST, connection::identifySystem);
    }
  }

  @Test
  void handsNoticesOnWhereverTheyCome() throws IOException {
    List<Event> events = new ArrayList<>();
    try (FakePostgres server = FakePostgres.that(session -> {
      session.query();
      session.send(
          notice("WARNING", "look at this"),
          message('S', string("TimeZone"), string("UTC")),
          notice("NOTICE", "by the way"),
          identity());
    })) {
      try (ReplicationConnection connection = ReplicationConnection.open(
          server.settings(), "test", Duration.ofSeconds(5), events::add)) {
        connection.identifySystem();
      }
      String server5 = "server 127.0.0.1:" + server.port() + ": ";
      assertThat(events)
          .containsExactly(
              new Event.Warning(server5 + "look at this", "see the server's log."),
              new Event.Info(server5 + "by the way"));
    }
  }

  static Stream<byte[]> violations() {
    return Stream.of(
        message('Q', text("what a client says")),
        join(message('D', int16(0)), ready()),
        join(titles("systemid"), message('D', int16(2), int32(-1), int32(-1)), ready()),
        join(titles("systemid"), message('D', int16(1), int32(1_000_000)), ready()),
        join(titles("systemid"), message('D', int16(1), int32(-2)), ready()),
        join(titles("systemid"), message('D', int16(1)), ready()),
        join(titles("systemid"), message('D', int16(1), int32(1), text("1, and more")), ready()),
        join(message('T', int16(3), string("a")), ready()),
        join(message('T', int16(1), text("no end")), ready()),
        join(titles("systemid"), row("1"), ready()),
        join(titles("systemid", "timeline", "xlogpos"), row(null, "1", "0/1"), ready()),
        join(titles("systemid", "timeline", "xlogpos"), row("1", "one", "0/1"), ready()),
        join(titles("systemid", "timeline", "xlogpos"), ready()),
        ready(),
        lying('D', 2),
        lying('D', Integer.MAX_VALUE),
        message('E', text("Snever ends")));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void refusesAnAnswerThatIsNone(byte[] answer) throws IOException {
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.send(answer);
          session.awaitEnd();
        });
        ReplicationConnection connection = server.connect()) {
      assertFails(ErrorCode.PROTOCOL_VIOLATION, connection::identifySystem);
    }
  }

  @Test
  void givesUpOnRowsWithoutEnd() throws IOException {
    byte[] megabyte = message('D', int16(1), int32(1 << 20), new byte[1 << 20]);
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.send(titles("systemid"));
          while (true) {
            session.send(megabyte);
          }
        });
        ReplicationConnection connection = server.connect()) {
      assertFails(ErrorCode.PROTOCOL_VIOLATION, connection::identifySystem);
      assertThat(connection.isUsable()).isFalse();
    }
  }

  @Test
  void givesUpOnNoticesWithoutEnd() throws IOException {
    byte[] some = notice("NOTICE", "and another thing".repeat(100));
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          while (true) {
            session.send(some);
          }
        });
        ReplicationConnection connection = server.connect("&socketTimeout=1")) {
      assertFails(ErrorCode.SERVER_SILENT, connection::identifySystem);
    }
  }

  @Test
  void givesUpOnAnAnswerWithoutEnd() throws IOException {
    byte[] many = join(Collections.nCopies(10_000, complete("")).toArray(byte[][]::new));
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          while (true) {
            session.send(many);
          }
        });
        ReplicationConnection connection = server.connect()) {
      assertFails(ErrorCode.PROTOCOL_VIOLATION, connection::identifySystem);
    }
  }

  @Test
  void givesUpOnASilentServer() throws IOException {
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.awaitEnd();
        });
        ReplicationConnection connection = server.connect("&socketTimeout=1")) {
      assertFails(ErrorCode.SERVER_SILENT, connection::identifySystem);
      assertThat(connection.isUsable()).isFalse();
    }
  }

  @Test
  void saysThatTheServerIsGone() throws IOException {
    try (FakePostgres server = FakePostgres.that(FakePostgres.Session::query);
        ReplicationConnection connection = server.connect()) {
      assertFails(ErrorCode.CONNECTION_LOST, connection::identifySystem);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Upper", "a b", "a\"; DROP", "öl", "x'"})
  void refusesANameThatIsNoSlots(String name) throws IOException {
    try (FakePostgres server = FakePostgres.that(FakePostgres.Session::awaitEnd);
        ReplicationConnection connection = server.connect()) {
      assertFails(ErrorCode.INVALID_VALUE, () -> connection.readSlot(name));
      assertFails(ErrorCode.INVALID_VALUE, () -> connection.createSlot(name, true, true));
      assertFails(ErrorCode.INVALID_VALUE, () -> connection.show(name + ";"));
      assertThat(connection.isUsable()).isTrue();
    }
  }

  @Nested
  class Closing {
    @Test
    void fromAnotherThreadEndsACallThatIsUnderWay() throws Exception {
      CountDownLatch asked = new CountDownLatch(1);
      try (FakePostgres server = FakePostgres.that(session -> {
        session.query();
        asked.countDown();
        session.awaitEnd();
      })) {
        ReplicationConnection connection = server.connect();
        Thread closer = new Thread(() -> {
          try {
            asked.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          connection.close();
        });
        closer.start();
        assertThatThrownBy(connection::identifySystem).hasMessageContaining("closed on this side");
        closer.join();
      }
    }

    @Test
    void saysGoodbyeWhenNothingIsUnderWay() throws Exception {
      CountDownLatch goodbye = new CountDownLatch(1);
      try (FakePostgres server = FakePostgres.that(session -> {
        session.expect('X');
        goodbye.countDown();
      })) {
        server.connect().close();
        assertThat(goodbye.await(10, TimeUnit.SECONDS)).isTrue();
      }
    }

    @Test
    void twiceIsOnce() throws IOException {
      try (FakePostgres server = FakePostgres.that(FakePostgres.Session::awaitEnd)) {
        ReplicationConnection connection = server.connect();
        connection.close();
        connection.close();
      }
    }
  }
}
