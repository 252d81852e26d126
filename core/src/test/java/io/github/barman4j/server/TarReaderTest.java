package io.github.barman4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.testing.Seeds;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TarReaderTest {
  private static TarReader reader(byte[] archive) {
    return new TarReader(new ByteArrayInputStream(archive), "base.tar");
  }

  private static void readAll(byte[] archive) {
    TarReader reader = reader(archive);
    while (reader.next() != null) {
      // to its end
    }
  }

  private static void assertRefused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(BarmanException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining("base.tar");
  }

  @Test
  void readsFilesDirectoriesAndLinks() throws IOException {
    TarReader reader = reader(new TarBuilder()
        .directory("base")
        .file("base/1", "content")
        .file("./empty", "")
        .link("pg_tblspc/1", "/srv/ts")
        .finished());
    assertThat(reader.next()).isEqualTo(member(TarReader.Type.DIRECTORY, "base", 0, ""));
    assertThat(reader.next()).isEqualTo(member(TarReader.Type.FILE, "base/1", 7, ""));
    assertThat(reader.content().readAllBytes())
        .isEqualTo("content".getBytes(StandardCharsets.UTF_8));
    assertThat(reader.next()).isEqualTo(member(TarReader.Type.FILE, "empty", 0, ""));
    assertThat(reader.content().read()).isEqualTo(-1);
    assertThat(reader.next()).isEqualTo(member(TarReader.Type.LINK, "pg_tblspc/1", 0, "/srv/ts"));
    assertThat(reader.next()).isNull();
  }

  private static TarReader.Member member(TarReader.Type type, String path, long size, String link) {
    return new TarReader.Member(
        type, path, 0600, Instant.ofEpochSecond(1_700_000_000L), size, link);
  }

  @Test
  void skipsWhatNobodyReads() throws IOException {
    TarReader reader = reader(new TarBuilder()
        .file("a", new byte[100_000])
        .file("b", new byte[513])
        .file("c", "c")
        .finished());
    reader.next();
    InputStream first = reader.content();
    first.read();
    reader.next();
    assertThat(reader.next().path()).isEqualTo("c");
    assertThatThrownBy(first::read).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void readsSizesBeyondOctal() {
    byte[] header = TarBuilder.header("big".getBytes(StandardCharsets.UTF_8), '0', 20L << 30, "");
    assertThat(reader(header).next().size()).isEqualTo(20L << 30);
  }

  @Test
  void putsThePrefixBeforeTheName() {
    byte[] header = TarBuilder.header("name".getBytes(StandardCharsets.UTF_8), '0', 0, "");
    header[345] = 'p';
    assertThat(reader(TarBuilder.checksummed(header)).next().path()).isEqualTo("p/name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "..",
        "../x",
        "a/../x",
        "a/..",
        "a//b",
        "a/./b",
        ".",
        "./",
        "/",
        "././x",
        ".//x",
        "a\nb",
        "a\u007fb",
        "a\u001b[2Jb",
        "a\\b",
        "C:x",
        "c:/x"
      })
  void refusesANameThatLeadsAwayOrHides(String name) {
    assertRefused(
        ErrorCode.HOSTILE_ARCHIVE,
        () -> readAll(new TarBuilder().file(name, "x").finished()));
    assertThatThrownBy(() -> readAll(new TarBuilder().file(name, "x").finished()))
        .satisfies(
            e -> assertThat(((BarmanException) e).problem().chars()).allMatch(c -> c >= ' '));
  }

  @Test
  void refusesAnEmptyName() {
    assertRefused(
        ErrorCode.HOSTILE_ARCHIVE, () -> readAll(new TarBuilder().file("", "x").finished()));
  }

  @Test
  void refusesANameThatIsNotUtf8() {
    byte[] header = TarBuilder.header(new byte[] {'a', (byte) 0xc3, 'b'}, '0', 0, "");
    assertRefused(
        ErrorCode.HOSTILE_ARCHIVE, () -> readAll(new TarBuilder().raw(header).finished()));
  }

  @ParameterizedTest
  @ValueSource(chars = {'1', '3', '4', '6', '7', 'x', 'g', 'L', 'K', 'S', 'V'})
  void refusesEveryOtherKindOfMember(char type) {
    assertRefused(
        ErrorCode.HOSTILE_ARCHIVE,
        () -> readAll(new TarBuilder().member("a", type, 0, "b", new byte[0]).finished()));
  }

  @ParameterizedTest
  @ValueSource(longs = {(1L << 44) + 1, 1L << 60, Long.MAX_VALUE, -1})
  void refusesAnAbsurdSize(long size) {
    assertRefused(
        ErrorCode.HOSTILE_ARCHIVE,
        () -> readAll(new TarBuilder().member("a", '0', size, "", new byte[0]).finished()));
  }

  @Test
  void refusesADirectoryWithContent() {
    assertRefused(
        ErrorCode.HOSTILE_ARCHIVE,
        () -> readAll(new TarBuilder().member("a", '5', 3, "", new byte[3]).finished()));
  }

  @Test
  void refusesAnArchiveThatEndsTooEarly() {
    byte[] whole = new TarBuilder().file("a", new byte[700]).finished();
    for (int length : new int[] {0, 1, 511, 512, 513, 1023, 1024 + 511, 1536 + 1, 1536 + 511}) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertRefused(ErrorCode.PROTOCOL_VIOLATION, () -> readAll(cut));
      assertRefused(ErrorCode.PROTOCOL_VIOLATION, () -> {
        TarReader reader = reader(cut);
        while (reader.next() != null) {
          reader.content().readAllBytes();
        }
      });
    }
  }

  @Test
  void refusesAWrongChecksumAndWhatIsNoHeader() {
    byte[] header = TarBuilder.header(new byte[] {'a'}, '0', 0, "");
    header[0] = 'b';
    assertRefused(
        ErrorCode.PROTOCOL_VIOLATION, () -> readAll(new TarBuilder().raw(header).finished()));
    byte[] garbage = new byte[512];
    garbage[0] = 1;
    assertRefused(
        ErrorCode.PROTOCOL_VIOLATION,
        () -> readAll(new TarBuilder().raw(garbage).finished()));
  }

  @Test
  void refusesWhatComesAfterTheEnd() {
    assertRefused(
        ErrorCode.PROTOCOL_VIOLATION,
        () -> readAll(
            new TarBuilder().file("a", "a").raw(new byte[1024]).file("b", "b").finished()));
  }

  @Seeds(100)
  void givesBackWhatWasPutIn(RandomGenerator random) throws IOException {
    TarBuilder builder = new TarBuilder();
    List<byte[]> contents = new ArrayList<>();
    int count = random.nextInt(20);
    for (int i = 0; i < count; i++) {
      byte[] content = new byte[random.nextInt(2000)];
      random.nextBytes(content);
      contents.add(content);
      builder.file("f" + i, content);
    }
    TarReader reader = new TarReader(new Dribble(builder.finished(), random), "base.tar");
    for (int i = 0; i < count; i++) {
      TarReader.Member member = reader.next();
      assertThat(member.path()).isEqualTo("f" + i);
      if (random.nextBoolean()) {
        assertThat(reader.content().readAllBytes()).isEqualTo(contents.get(i));
      }
    }
    assertThat(reader.next()).isNull();
  }

  @Seeds(300)
  void givesOutOnlyWhatIsSafeHoweverTheBytesAreBroken(RandomGenerator random) {
    byte[] archive = new TarBuilder()
        .directory("base")
        .file("base/1", new byte[600])
        .link("pg_tblspc/1", "/srv/ts")
        .file("pg_control", new byte[10])
        .finished();
    int changes = 1 + random.nextInt(8);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(archive.length);
      archive[at] = (byte) random.nextInt(256);
      int header = at / 512 * 512;
      if (random.nextBoolean()) {
        byte[] block = Arrays.copyOfRange(archive, header, header + 512);
        System.arraycopy(TarBuilder.checksummed(block), 0, archive, header, 512);
      }
    }
    TarReader reader = new TarReader(new Dribble(archive, random), "base.tar");
    try {
      TarReader.Member member;
      while ((member = reader.next()) != null) {
        assertThat(member.path().split("/", -1)).doesNotContain("", ".", "..");
        assertThat(member.size()).isBetween(0L, TarReader.LARGEST_FILE);
      }
    } catch (BarmanException e) {
      assertThat(e.code()).isIn(ErrorCode.HOSTILE_ARCHIVE, ErrorCode.PROTOCOL_VIOLATION);
    }
  }

  /** Gives its bytes in pieces of any length. */
  private static final class Dribble extends ByteArrayInputStream {
    private final RandomGenerator random;

    Dribble(byte[] bytes, RandomGenerator random) {
      super(bytes);
      this.random = random;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) {
      return super.read(target, offset, length == 0 ? 0 : 1 + random.nextInt(length));
    }
  }
}
