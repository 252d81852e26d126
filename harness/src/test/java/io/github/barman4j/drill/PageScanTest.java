package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.Page;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageScanTest {
  @TempDir
  private Path data;

  @TempDir
  private Path elsewhere;

  @BeforeEach
  void folders() throws IOException {
    Files.createDirectories(data.resolve("base/5/pgsql_tmp"));
    Files.createDirectories(data.resolve("global"));
    Files.createDirectories(data.resolve("pg_tblspc"));
    Files.createDirectories(elsewhere.resolve("PG_17/5"));
    Files.createSymbolicLink(data.resolve("pg_tblspc/99"), elsewhere);
    Files.write(data.resolve("global/pg_control"), new byte[100]);
    Files.write(data.resolve("base/5/pgsql_tmp/1"), new byte[100]);
  }

  private static byte[] pages(long first, int count) {
    byte[] bytes = new byte[count * Page.SIZE];
    for (int i = 0; i < count; i++) {
      int at = i * Page.SIZE;
      ByteBuffer.wrap(bytes)
          .order(ByteOrder.LITTLE_ENDIAN)
          .putShort(at + 12, (short) 24)
          .putShort(at + 14, (short) Page.SIZE)
          .putShort(at + 16, (short) Page.SIZE)
          .putShort(at + 18, (short) (Page.SIZE | 4));
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putShort(at + 8, (short)
          Page.checksum(bytes, at, first + i));
    }
    return bytes;
  }

  @Test
  void looksAtEveryForkAndSegmentAndTablespace() throws IOException {
    Files.write(data.resolve("base/5/16384"), pages(0, 200));
    Files.write(data.resolve("base/5/16384.1"), pages(131072, 2));
    Files.write(data.resolve("base/5/16384_vm"), new byte[Page.SIZE]);
    Files.write(data.resolve("global/1262"), pages(0, 1));
    Files.write(elsewhere.resolve("PG_17/5/20000"), pages(0, 3));
    assertThat(PageScan.of(data, true).faults()).isEmpty();
    assertThat(PageScan.of(data, true).pages()).isEqualTo(207);
  }

  @Test
  void namesFileAndBlockOfAFlippedBit() throws IOException {
    byte[] flipped = pages(131072, 130);
    flipped[129 * Page.SIZE + 5000] ^= 1;
    Files.write(data.resolve("base/5/16384.1"), flipped);
    byte[] other = pages(0, 1);
    other[5000] ^= 1;
    Files.write(elsewhere.resolve("PG_17/5/20000"), other);
    assertThat(PageScan.of(data, true).faults())
        .satisfiesExactlyInAnyOrder(
            fault -> assertThat(fault)
                .startsWith("base/5/16384.1, block 131201: the page has the checksum "),
            fault -> assertThat(fault)
                .startsWith("pg_tblspc/99/PG_17/5/20000, block 0: the page has the checksum "));
    assertThat(PageScan.of(data, false).faults()).as("nobody can tell").isEmpty();
  }

  @Test
  void findsAFileThatEndsWithinAPage() throws IOException {
    Files.write(data.resolve("base/5/16384"), new byte[Page.SIZE + 100]);
    assertThat(PageScan.of(data, true).faults())
        .containsExactly("base/5/16384 ends within block 1");
  }
}
