package io.github.barman4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.protocol.BaseBackupItem;
import io.github.barman4j.protocol.TablespaceInfo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchiveMembersTest {
  private static final String PLACE = "/srv/ts";

  private final Collected collected = new Collected();
  private final ArchiveMembers members = new ArchiveMembers(
      List.of(new TablespaceInfo(16390, PLACE, 1), new TablespaceInfo(16391, "pg_tblspc/16391", 1)),
      collected);

  private void read(String name, String location, byte[] bytes) {
    members.read(new BaseBackupItem.Archive(name, location), new ByteArrayInputStream(bytes));
  }

  private static void assertRefused(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(BarmanException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void putsTablespacesWhereTheDataDirectoryHasThem() {
    read(
        "16390.tar",
        PLACE,
        new TarBuilder().directory("PG_15").file("PG_15/1", "in the tablespace").finished());
    read(
        "16391.tar",
        "pg_tblspc/16391",
        new TarBuilder().file("PG_15/2", "in place").finished());
    read(
        "base.tar",
        "",
        new TarBuilder()
            .directory("pg_tblspc")
            .link("pg_tblspc/16390", PLACE)
            .directory("pg_tblspc/16391")
            .file("PG_VERSION", "15\n")
            .finished());
    members.checkComplete();
    assertThat(collected.directories)
        .containsOnlyKeys("pg_tblspc/16390/PG_15", "pg_tblspc", "pg_tblspc/16391");
    assertThat(collected.links).containsExactly(Map.entry("pg_tblspc/16390", PLACE));
    assertThat(collected.contents)
        .containsOnlyKeys("pg_tblspc/16390/PG_15/1", "pg_tblspc/16391/PG_15/2", "PG_VERSION");
    assertThat(collected.files.get("PG_VERSION"))
        .isEqualTo(new SourceFile("PG_VERSION", 0600, Instant.ofEpochSecond(1_700_000_000L), 3));
    assertThat(members.lastModified()).isEqualTo(Instant.ofEpochSecond(1_700_000_000L));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".gz", ".zst"})
  void decompresses(String suffix) throws IOException {
    byte[] content = new byte[300_000];
    Arrays.fill(content, (byte) 'x');
    read(
        "base.tar" + suffix,
        "",
        compressed(suffix, new TarBuilder().file("a", content).finished()));
    assertThat(collected.contents.get("a")).isEqualTo(content);
  }

  private static byte[] compressed(String suffix, byte[] plain) throws IOException {
    return switch (suffix) {
      case ".gz" -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
          gzip.write(plain);
        }
        yield out.toByteArray();
      }
      case ".zst" -> Zstd.compress(plain);
      default -> plain;
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {".gz", ".zst"})
  void refusesCompressedBytesThatAreDamagedOrCut(String suffix) throws IOException {
    byte[] content = new byte[300_000];
    new Random(42).nextBytes(content);
    byte[] whole = compressed(suffix, new TarBuilder().file("a", content).finished());
    for (int length : new int[] {0, 1, 10, 100, whole.length / 2, whole.length - 1}) {
      ArchiveMembers fresh = new ArchiveMembers(List.of(), collected);
      assertRefused(
          ErrorCode.PROTOCOL_VIOLATION,
          () -> fresh.read(
              new BaseBackupItem.Archive("base.tar" + suffix, ""),
              new ByteArrayInputStream(whole, 0, length)));
    }
    byte[] garbage = whole.clone();
    Arrays.fill(garbage, 0, 20, (byte) 7);
    assertRefused(ErrorCode.PROTOCOL_VIOLATION, () -> read("base.tar" + suffix, "", garbage));
  }

  @ParameterizedTest
  @CsvSource({
    "other.tar, ''",
    "base, ''",
    "base.zip, ''",
    "base.tar.lz4, ''",
    "base.tar.exe, ''",
    "../base.tar, ''",
    "16390.tar, /srv/other",
    "16392.tar, /srv/ts",
    "base.tar, /srv/ts",
    "016390.tar, /srv/ts"
  })
  void refusesAnArchiveThatWasNotAnnounced(String name, String location) {
    assertRefused(
        ErrorCode.HOSTILE_ARCHIVE, () -> read(name, location, new TarBuilder().finished()));
  }

  @Test
  void refusesAnArchiveThatComesTwice() {
    read("base.tar", "", new TarBuilder().finished());
    assertRefused(
        ErrorCode.HOSTILE_ARCHIVE, () -> read("base.tar", "", new TarBuilder().finished()));
  }

  @Test
  void refusesABackupThatLacksAnArchive() {
    read("base.tar", "", new TarBuilder().finished());
    assertRefused(ErrorCode.PROTOCOL_VIOLATION, members::checkComplete);
  }

  static Stream<Arguments> links() {
    return Stream.of(
        Arguments.of("pg_wal", "/srv/wal"),
        Arguments.of("pg_tblspc/16390", "/etc"),
        Arguments.of("pg_tblspc/16390", ""),
        Arguments.of("pg_tblspc/16390", PLACE + "/"),
        Arguments.of("pg_tblspc/16390/x", PLACE),
        Arguments.of("pg_tblspc/16391", "pg_tblspc/16391"),
        Arguments.of("pg_tblspc/16392", PLACE),
        Arguments.of("pg_tblspc/x", PLACE),
        Arguments.of("base/16390", PLACE));
  }

  @ParameterizedTest
  @MethodSource("links")
  void refusesALinkThatIsNoTablespaces(String name, String target) {
    assertRefused(
        ErrorCode.HOSTILE_ARCHIVE,
        () -> read("base.tar", "", new TarBuilder().link(name, target).finished()));
    assertThat(collected.links).isEmpty();
  }

  @Test
  void refusesALinkInATablespace() {
    assertRefused(
        ErrorCode.HOSTILE_ARCHIVE,
        () -> read("16390.tar", PLACE, new TarBuilder().link("PG_15", PLACE).finished()));
  }

  @Test
  void refusesALinkWhoseAnnouncedTargetIsHostileItself() {
    for (String target : List.of("/srv/../etc", "/srv/\u001b[2J", "/")) {
      ArchiveMembers hostile =
          new ArchiveMembers(List.of(new TablespaceInfo(1, target, 1)), collected);
      byte[] bytes = new TarBuilder().link("pg_tblspc/1", target).finished();
      assertRefused(
          ErrorCode.HOSTILE_ARCHIVE,
          () -> hostile.read(
              new BaseBackupItem.Archive("base.tar", ""), new ByteArrayInputStream(bytes)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pg_tblspc/16390/PG_15/1", "pg_tblspc/16390/authorized_keys"})
  void refusesWhatWouldBeWrittenThroughALink(String name) {
    assertRefused(
        ErrorCode.HOSTILE_ARCHIVE,
        () -> read(
            "base.tar",
            "",
            new TarBuilder().link("pg_tblspc/16390", PLACE).file(name, "x").finished()));
    assertThat(collected.contents).isEmpty();
  }

  @Test
  void showsHostileNamesHarmlessly() {
    byte[] bytes = new TarBuilder().file("a\u001b[31m\nHINT: run this", "x").finished();
    assertThatThrownBy(() -> read("base.tar", "", bytes))
        .satisfies(e -> assertThat(((BarmanException) e).problem().getBytes(StandardCharsets.UTF_8))
            .doesNotContain((byte) 27, (byte) 10));
  }
}
