package io.github.barman4j.server;

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
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Event;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.protocol.FakePostgres;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StreamPageSourceTest {
  private static final byte[] BEGIN = join(
      titles("recptr", "tli"),
      row("0/2000028", "1"),
      titles("spcoid", "spclocation", "size"),
      row(null, null, "100"),
      copyResponse('H'));

  private static final byte[] END = join(
      message('c'),
      titles("recptr", "tli"),
      row("0/2000100", "1"),
      complete("BASE_BACKUP"),
      ready());

  private final List<Event> events = new ArrayList<>();

  private StreamPageSource source(FakePostgres server, WireCompression compression) {
    return new StreamPageSource(
        server.connect(), new StreamSettings("test", true, compression, 0), events::add, () -> {});
  }

  private static void sendArchive(FakePostgres.Session session, byte[] archive, int piece)
      throws IOException {
    session.send(copyData(text("n"), string("base.tar"), string("")));
    for (int at = 0; at < archive.length; at += piece) {
      byte[] part = Arrays.copyOfRange(archive, at, Math.min(archive.length, at + piece));
      session.send(copyData(text("d"), part), copyData(text("p"), int64(at)));
    }
  }

  private static void sendManifest(FakePostgres.Session session, int bytes) throws IOException {
    session.send(copyData(text("m")));
    byte[] piece = new byte[1 << 16];
    Arrays.fill(piece, (byte) 'm');
    for (int left = bytes; left > 0; left -= piece.length) {
      session.send(copyData(text("d"), Arrays.copyOf(piece, Math.min(left, piece.length))));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1000, 12 << 20})
  void givesFilesAndTheManifestLast(int manifestBytes) throws IOException {
    byte[] content = new byte[100_001];
    Arrays.fill(content, (byte) 7);
    byte[] archive =
        new TarBuilder().directory("base").file("base/1", content).file("x", "").finished();
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.send(BEGIN);
          sendArchive(session, archive, 999);
          sendManifest(session, manifestBytes);
          session.send(END);
          session.awaitEnd();
        });
        StreamPageSource source = source(server, WireCompression.NONE)) {
      BackupStart start = source.start();
      assertThat(start.lsn()).isEqualTo(Lsn.parse("0/2000028"));
      assertThat(start.compression()).isEqualTo("none");
      assertThat(start.estimatedBytes()).isEqualTo(102_400);
      Collected collected = new Collected();
      source.read(collected);
      assertThat(source.stop()).isEqualTo(new BackupStop(Lsn.parse("0/2000100"), new Timeline(1)));
      assertThat(collected.contents.keySet()).containsExactly("base/1", "x", "backup_manifest");
      assertThat(collected.contents.get("base/1")).isEqualTo(content);
      assertThat(collected.contents.get("backup_manifest")).hasSize(manifestBytes);
      assertThat(collected.files.get("backup_manifest").size()).isEqualTo(manifestBytes);
    }
    assertThat(events).isEmpty();
  }

  @Test
  void takesTheNextCompressionWhenTheServerLacksOneAndSaysSo() throws IOException {
    List<String> queries = new ArrayList<>();
    try (FakePostgres server = FakePostgres.that(session -> {
          queries.add(session.query());
          session.send(error("ERROR", "0A000", "zstd is not supported"), ready());
          queries.add(session.query());
          session.send(error("ERROR", "42601", "gzip is not supported"), ready());
          queries.add(session.query());
          session.send(BEGIN);
          session.awaitEnd();
        });
        StreamPageSource source = source(server, WireCompression.ZSTD)) {
      assertThat(source.start().compression()).isEqualTo("none");
    }
    assertThat(queries.get(0)).contains("COMPRESSION 'zstd'");
    assertThat(queries.get(1)).contains("COMPRESSION 'gzip'");
    assertThat(queries.get(2)).doesNotContain("COMPRESSION");
    assertThat(events).hasSize(2).allMatch(event -> event instanceof Event.Warning);
  }

  @Test
  void sendsPlainBytesOnOneMachineWhenItMayChoose() throws IOException {
    List<String> queries = new ArrayList<>();
    try (FakePostgres server = FakePostgres.that(session -> {
          queries.add(session.query());
          session.send(BEGIN);
          session.awaitEnd();
        });
        StreamPageSource source = source(server, WireCompression.AUTO)) {
      assertThat(source.start().compression()).isEqualTo("none");
      assertThat(queries.get(0)).doesNotContain("COMPRESSION");
    }
  }

  @Test
  void refusesLz4AndNamesWhatIsPossible() throws IOException {
    try (FakePostgres server = FakePostgres.that(FakePostgres.Session::awaitEnd);
        StreamPageSource source = source(server, WireCompression.LZ4)) {
      assertThatThrownBy(source::start)
          .isInstanceOfSatisfying(
              BarmanException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.COMPRESSION_UNAVAILABLE))
          .hasMessageContaining("zstd, gzip, none");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "GZIP"})
  void doesNotHideAnotherError(WireCompression compression) throws IOException {
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.send(error("ERROR", "55000", "WAL level not sufficient"), ready());
          session.awaitEnd();
        });
        StreamPageSource source = source(server, compression)) {
      assertThatThrownBy(source::start).hasMessageContaining("WAL level not sufficient");
    }
    assertThat(events).isEmpty();
  }

  @Test
  void refusesAnArchiveThatEndsInTheMiddle() throws IOException {
    byte[] archive = new TarBuilder().file("a", new byte[5000]).unfinished();
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.send(BEGIN);
          sendArchive(session, Arrays.copyOf(archive, 3000), 1000);
          session.send(END);
          session.awaitEnd();
        });
        StreamPageSource source = source(server, WireCompression.NONE)) {
      source.start();
      assertThatThrownBy(() -> source.read(new Collected()))
          .isInstanceOfSatisfying(
              BarmanException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION));
      assertThatThrownBy(source::stop).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void refusesBytesThatBelongToNothing() throws IOException {
    try (FakePostgres server = FakePostgres.that(session -> {
          session.query();
          session.send(BEGIN, copyData(text("d"), new byte[10]));
          session.awaitEnd();
        });
        StreamPageSource source = source(server, WireCompression.NONE)) {
      source.start();
      assertThatThrownBy(() -> source.read(new Collected())).hasMessageContaining("no archive");
    }
  }
}
