package io.github.barman4j.protocol;

import static io.github.barman4j.protocol.Messages.complete;
import static io.github.barman4j.protocol.Messages.copyData;
import static io.github.barman4j.protocol.Messages.copyResponse;
import static io.github.barman4j.protocol.Messages.error;
import static io.github.barman4j.protocol.Messages.identity;
import static io.github.barman4j.protocol.Messages.int64;
import static io.github.barman4j.protocol.Messages.join;
import static io.github.barman4j.protocol.Messages.message;
import static io.github.barman4j.protocol.Messages.notice;
import static io.github.barman4j.protocol.Messages.ready;
import static io.github.barman4j.protocol.Messages.row;
import static io.github.barman4j.protocol.Messages.string;
import static io.github.barman4j.protocol.Messages.text;
import static io.github.barman4j.protocol.Messages.titles;
import static io.github.barman4j.protocol.ReplicationConnectionTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class BaseBackupStreamTest {
  private static final BaseBackupOptions PLAIN = BaseBackupOptions.labelled("test");
  private static final Runnable NOTHING = () -> {};

  private static final byte[] BEGIN = join(
      titles("recptr", "tli"),
      row("0/2000028", "1"),
      complete("SELECT"),
      titles("spcoid", "spclocation", "size"),
      row("16390", "/srv/ts", "7"),
      row(null, null, "100"),
      complete("SELECT"),
      copyResponse('H'));

  private static final byte[] END = join(
      message('c'),
      titles("recptr", "tli"),
      row("0/2000100", "2"),
      complete("SELECT"),
      complete("BASE_BACKUP"),
      ready());

  /** A black hole in the middle of a file; without a socketTimeout it would be five minutes. */
  @Test
  void givesUpOnAServerThatFallsSilent() throws IOException {
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.send(BEGIN, copyData(text("n"), string("base.tar"), string("")));
          session.awaitEnd();
        });
        ReplicationConnection connection = server.connect("&socketTimeout=1");
        BaseBackupStream stream = connection.baseBackup(PLAIN, NOTHING)) {
      assertThat(stream.next()).isInstanceOf(BaseBackupItem.Archive.class);
      assertFails(ErrorCode.SERVER_SILENT, stream::next);
      assertThat(connection.isUsable()).isFalse();
    }
  }

  @Test
  void asksWhetherTheServerIsThereWhileItMakesItsCheckpoint() throws IOException {
    CountDownLatch asked = new CountDownLatch(2);
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          await(asked);
          session.send(BEGIN, END);
          session.awaitEnd();
        });
        ReplicationConnection connection = server.connect("&socketTimeout=1");
        BaseBackupStream stream = connection.baseBackup(PLAIN, asked::countDown)) {
      assertThat(stream.next()).isNull();
    }
  }

  @Test
  void stopsWaitingForTheCheckpointOfAServerThatIsGone() throws IOException {
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.awaitEnd();
        });
        ReplicationConnection connection = server.connect("&socketTimeout=1")) {
      assertFails(
          ErrorCode.CONNECTION_LOST,
          () -> connection.baseBackup(PLAIN, () -> {
            throw new BarmanException(ErrorCode.CONNECTION_LOST, "it is gone", "none");
          }));
      assertThat(connection.isUsable()).isFalse();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void givesItsPartsInOrder() throws IOException {
    AtomicReference<String> query = new AtomicReference<>();
    try (FakePostgres server = FakePostgres.that(session -> {
          query.set(session.query());
          session.send(
              BEGIN,
              copyData(text("n"), string("16390.tar"), string("/srv/ts")),
              copyData(text("d"), new byte[] {1, 2}),
              notice("WARNING", "by the way"),
              copyData(text("p"), int64(42)),
              copyData(text("m")),
              copyData(text("d"), text("{}")),
              END);
          session.query();
          session.send(identity());
        });
        ReplicationConnection connection = server.connect()) {
      try (BaseBackupStream stream = connection.baseBackup(PLAIN, NOTHING)) {
        assertThat(stream.start()).isEqualTo(Lsn.parse("0/2000028"));
        assertThat(stream.startTimeline()).isEqualTo(new Timeline(1));
        assertThat(stream.tablespaces()).containsExactly(new TablespaceInfo(16390, "/srv/ts", 7));
        assertThat(stream.estimatedBytes()).isEqualTo(107 * 1024);
        assertThatThrownBy(stream::end).isInstanceOf(IllegalStateException.class);
        assertThat(stream.next()).isEqualTo(new BaseBackupItem.Archive("16390.tar", "/srv/ts"));
        BaseBackupItem.Data data = (BaseBackupItem.Data) stream.next();
        assertThat(data.bytes().hasArray()).isTrue();
        assertThat(data.bytes().remaining()).isEqualTo(2);
        assertThat(stream.next()).isEqualTo(new BaseBackupItem.Progress(42));
        assertThat(stream.next()).isEqualTo(new BaseBackupItem.Manifest());
        assertThat(stream.next()).isInstanceOf(BaseBackupItem.Data.class);
        assertThat(stream.next()).isNull();
        assertThat(stream.next()).isNull();
        assertThat(stream.end()).isEqualTo(Lsn.parse("0/2000100"));
        assertThat(stream.endTimeline()).isEqualTo(new Timeline(2));
      }
      connection.identifySystem();
    }
    assertThat(query.get())
        .isEqualTo(
            "BASE_BACKUP (LABEL 'test', TARGET 'client', PROGRESS true, WAL false, CHECKPOINT 'fast',"
                + " WAIT false, TABLESPACE_MAP false, VERIFY_CHECKSUMS false, MANIFEST 'yes', MANIFEST_CHECKSUMS 'CRC32C')");
  }

  @Test
  void writesEveryOptionAsTheServerReadsIt() {
    String command = new BaseBackupOptions(
            "it's",
            false,
            true,
            false,
            ArchiveCompression.ZSTD,
            3,
            64,
            true,
            true,
            Duration.ofSeconds(1))
        .command();
    assertThat(command)
        .isEqualTo(
            "BASE_BACKUP (LABEL 'it''s', TARGET 'client', PROGRESS true, WAL false, CHECKPOINT 'spread',"
                + " WAIT true, TABLESPACE_MAP true, VERIFY_CHECKSUMS true, MANIFEST 'no', MAX_RATE 64,"
                + " COMPRESSION 'zstd', COMPRESSION_DETAIL 'level=3')");
  }

  @Test
  void refusesOptionsThatTheServerWouldRefuse() {
    assertFails(ErrorCode.INVALID_VALUE, () -> PLAIN.withMaxRateKiB(31));
    assertFails(ErrorCode.INVALID_VALUE, () -> PLAIN.withMaxRateKiB(1_048_577));
    assertFails(ErrorCode.INVALID_VALUE, () -> PLAIN.withCompression(ArchiveCompression.GZIP, 10));
    assertFails(ErrorCode.INVALID_VALUE, () -> PLAIN.withCompression(ArchiveCompression.NONE, 1));
    assertFails(ErrorCode.INVALID_VALUE, () -> BaseBackupOptions.labelled("a\nb"));
    assertFails(ErrorCode.INVALID_VALUE, () -> BaseBackupOptions.labelled("ö".repeat(513)));
  }

  @Test
  void canBeAskedForAgainWhenTheServerCannotCompressThatWay() throws IOException {
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.send(
              error("ERROR", "0A000", "zstd compression is not supported by this build"), ready());
          session.query();
          session.send(BEGIN, END);
          session.awaitEnd();
        });
        ReplicationConnection connection = server.connect()) {
      assertFails(
          ErrorCode.COMPRESSION_UNAVAILABLE,
          () -> connection.baseBackup(PLAIN.withCompression(ArchiveCompression.ZSTD, 1), NOTHING));
      assertThat(connection.baseBackup(PLAIN, NOTHING).next()).isNull();
    }
  }

  @Test
  void takesNoOtherErrorForAMissingCompression() throws IOException {
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.send(error("ERROR", "55000", "WAL level not sufficient"), ready());
        });
        ReplicationConnection connection = server.connect()) {
      assertFails(
          ErrorCode.SERVER_ERROR,
          () -> connection.baseBackup(PLAIN.withCompression(ArchiveCompression.ZSTD, 1), NOTHING));
    }
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(error("ERROR", "XX001", "checksum mismatch"), ErrorCode.SERVER_ERROR),
        Arguments.of(error("FATAL", "57P01", "shutting down"), ErrorCode.SERVER_NOT_READY),
        Arguments.of(new byte[0], ErrorCode.CONNECTION_LOST),
        Arguments.of(copyData(), ErrorCode.PROTOCOL_VIOLATION),
        Arguments.of(copyData(text("?")), ErrorCode.PROTOCOL_VIOLATION),
        Arguments.of(copyData(text("p"), new byte[7]), ErrorCode.PROTOCOL_VIOLATION),
        Arguments.of(copyData(text("p"), new byte[9]), ErrorCode.PROTOCOL_VIOLATION),
        Arguments.of(copyData(text("n"), string("base.tar")), ErrorCode.PROTOCOL_VIOLATION),
        Arguments.of(copyData(text("m"), text("x")), ErrorCode.PROTOCOL_VIOLATION),
        Arguments.of(ready(), ErrorCode.PROTOCOL_VIOLATION),
        Arguments.of(join(message('c'), ready()), ErrorCode.PROTOCOL_VIOLATION),
        Arguments.of(
            join(message('c'), titles("recptr", "tli"), row("0/1", "0"), ready()),
            ErrorCode.PROTOCOL_VIOLATION),
        Arguments.of(
            join(message('c'), titles("recptr", "tli"), ready()), ErrorCode.PROTOCOL_VIOLATION),
        Arguments.of(
            join(message('c'), error("ERROR", "XX001", "checksum mismatch"), ready()),
            ErrorCode.SERVER_ERROR));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void saysWhatWentWrongInTheMiddle(byte[] sent, ErrorCode code) throws IOException {
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.send(BEGIN, sent);
          if (code == ErrorCode.SERVER_ERROR) {
            session.send(ready());
          }
        });
        ReplicationConnection connection = server.connect();
        BaseBackupStream stream = connection.baseBackup(PLAIN, NOTHING)) {
      assertFails(code, () -> {
        while (stream.next() != null) {
          // to where it goes wrong
        }
      });
    }
  }

  static Stream<byte[]> badBeginnings() {
    return Stream.of(
        copyResponse('H'),
        join(titles("recptr", "tli"), row("0/1", "1"), copyResponse('H')),
        copyResponse('W'),
        ready(),
        join(
            titles("recptr", "tli"),
            row("0/1", "1"),
            titles("spcoid", "spclocation", "size"),
            row("-1", "/x", "1"),
            copyResponse('H')),
        join(
            titles("recptr", "tli"),
            row("0/1", "1"),
            titles("spcoid", "spclocation", "size"),
            row("1", "/x", "99999999999999999999"),
            copyResponse('H')));
  }

  @ParameterizedTest
  @MethodSource("badBeginnings")
  void refusesABeginningThatIsNone(byte[] sent) throws IOException {
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.send(sent);
          session.awaitEnd();
        });
        ReplicationConnection connection = server.connect()) {
      assertFails(ErrorCode.PROTOCOL_VIOLATION, () -> connection.baseBackup(PLAIN, NOTHING));
      assertThat(connection.isUsable()).isFalse();
    }
  }

  @Test
  void takesTheConnectionWithItWhenItIsClosedEarly() throws IOException {
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.send(BEGIN);
          while (true) {
            session.send(copyData(text("d"), new byte[32 << 10]));
          }
        });
        ReplicationConnection connection = server.connect()) {
      connection.baseBackup(PLAIN, NOTHING).close();
      assertThat(connection.isUsable()).isFalse();
    }
  }
}
