package io.github.barman4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.github.luben.zstd.Zstd;
import io.github.barman4j.BarmanException;
import io.github.barman4j.protocol.BaseBackupItem;
import io.github.barman4j.protocol.Messages;
import io.github.barman4j.protocol.TablespaceInfo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever lies in the archives of a base backup, nothing gets out of the data directory, and the engine ends with an error of its own. */
class ArchiveFuzz {
  private static final int BLOCK = 512;
  private static final int SIZE_AT = 124;
  private static final long MOST_BYTES = 64 << 20;
  private static final String OID = "16390";
  private static final String PLACE = "/srv/ts";

  static Stream<byte[]> seeds() throws IOException {
    byte[] base = new TarBuilder()
        .directory("base")
        .file("base/1", "one")
        .link("pg_tblspc/" + OID, PLACE)
        .file("global/pg_control", new byte[600])
        .finished();
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(base);
    }
    return Stream.of(
        seed(0, base),
        seed(1, zipped.toByteArray()),
        seed(2, Zstd.compress(base)),
        seed(3, base),
        seed(3, new TarBuilder().file("../../etc/passwd", "x").finished()),
        seed(
            3, new TarBuilder().member("base/1", '0', 1L << 50, "", new byte[0]).finished()),
        seed(3, new TarBuilder().member("base/x", '3', 0, "", new byte[0]).finished()),
        seed(7, new TarBuilder().file("PG_18/1", "in the tablespace").finished()));
  }

  private static byte[] seed(int kind, byte[] bytes) {
    return Messages.join(new byte[] {(byte) kind}, bytes);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "20s")
  void staysInsideTheDataDirectory(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
    String suffix = switch (input[0] & 3) {
      case 1 -> ".tar.gz";
      case 2 -> ".tar.zst";
      case 3 -> {
        repairChecksums(bytes);
        yield ".tar";
      }
      default -> ".tar";
    };
    boolean tablespace = (input[0] & 4) != 0;
    BaseBackupItem.Archive archive = tablespace
        ? new BaseBackupItem.Archive(OID + suffix, PLACE)
        : new BaseBackupItem.Archive("base" + suffix, "");
    try {
      new ArchiveMembers(
              List.of(new TablespaceInfo(Long.parseLong(OID), PLACE, 1)), new Suspicious())
          .read(archive, new ByteArrayInputStream(bytes));
    } catch (BarmanException | Enough expected) {
      // What a hostile archive must come to.
    }
  }

  /** A fuzzer does not find checksums by chance; with them right it gets to what lies behind. */
  private static void repairChecksums(byte[] archive) {
    int at = 0;
    while (at + BLOCK <= archive.length) {
      byte[] header = Arrays.copyOfRange(archive, at, at + BLOCK);
      System.arraycopy(TarBuilder.checksummed(header), 0, archive, at, BLOCK);
      long size = 0;
      for (int i = at + SIZE_AT; i < at + SIZE_AT + 11; i++) {
        size = size << 3 | archive[i] & 7;
      }
      at = (int) Math.min(archive.length, at + BLOCK + (size + BLOCK - 1) / BLOCK * BLOCK);
    }
  }

  private static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Looks at every path, and reads no more than a few MiB of an archive without end. */
  private static final class Suspicious implements SourceVisitor {
    private long bytes;

    @Override
    public void directory(String path, int mode) {
      assertInside(path);
      assertThat(mode).isBetween(0, 0777);
    }

    @Override
    public void link(String path, String target) {
      assertThat(path).isEqualTo("pg_tblspc/" + OID);
      assertThat(target).isEqualTo(PLACE);
    }

    @Override
    public void file(SourceFile file, InputStream content) {
      assertInside(file.path());
      assertThat(file.size()).isBetween(0L, TarReader.LARGEST_FILE);
      try {
        bytes += content.skip(MOST_BYTES);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      if (bytes >= MOST_BYTES) {
        throw new Enough();
      }
    }

    private static void assertInside(String path) {
      assertThat(path).doesNotStartWith("/").doesNotContain("\0");
      assertThat(path.split("/", -1)).doesNotContain("", ".", "..");
    }
  }
}
