package io.github.barman4j.restore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a restored directory must hold, and what may have become of one before it is overwritten. */
final class RestoredFiles {
  private static final Pattern WRITTEN_ANEW = Pattern.compile(
      "postgresql\\.auto\\.conf|tablespace_map|standby\\.signal|postmaster\\.opts|barman_wal/.*");

  private static final Pattern ADDED =
      Pattern.compile("recovery\\.signal|postgresql\\.auto\\.conf|barman_wal/.*");

  private RestoredFiles() {}

  /** Every file of the backup has its content, and there is no other. */
  static void assertEqual(StoredCluster cluster, Path directory) throws IOException {
    Set<String> expected = new TreeSet<>();
    for (Map.Entry<String, byte[]> file : cluster.files.entrySet()) {
      if (!WRITTEN_ANEW.matcher(file.getKey()).matches()) {
        expected.add(file.getKey());
        assertThat(directory.resolve(file.getKey())).hasBinaryContent(file.getValue());
      }
    }
    try (Stream<Path> all = Files.walk(directory)) {
      Set<String> found = all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
          .map(path -> directory.relativize(path).toString())
          .filter(path -> !ADDED.matcher(path).matches())
          .collect(Collectors.toCollection(TreeSet::new));
      assertThat(found).isEqualTo(expected);
    }
    assertThat(directory.resolve("recovery.signal")).exists();
    assertThat(directory.resolve("barman_wal/complete")).exists();
  }

  /** All is in place but the last: then the directory is good, although the restore failed. */
  static boolean areComplete(StoredCluster cluster, Path directory) throws IOException {
    for (Map.Entry<String, byte[]> file : cluster.files.entrySet()) {
      Path path = directory.resolve(file.getKey());
      boolean same = Files.exists(path) && Arrays.equals(Files.readAllBytes(path), file.getValue());
      if (!same && file.getKey().matches("base/.*|global/.*|PG_VERSION")) {
        return false;
      }
    }
    return Files.exists(directory.resolve("barman_wal/complete"))
        && Files.exists(directory.resolve("recovery.signal"));
  }

  /** Everything that can become different: content, length, presence, kind. */
  static void spoil(Path directory) throws IOException {
    flip(directory.resolve("base/1/17000"), 2_000_000);
    flip(directory.resolve("base/1/17000"), 700_000);
    Files.writeString(directory.resolve("base/1/stray"), "a table that the backup does not have");
    Files.createDirectories(directory.resolve("base/77"));
    Files.writeString(directory.resolve("base/77/1"), "a database that it does not have");
    Files.delete(directory.resolve("base/1/16001"));
    Files.createDirectories(directory.resolve("base/1/16001/inside"));
    try (FileChannel longer =
        FileChannel.open(directory.resolve("base/1/16002"), StandardOpenOption.APPEND)) {
      longer.write(ByteBuffer.wrap("more".getBytes(UTF_8)));
    }
    try (FileChannel shorter =
        FileChannel.open(directory.resolve("base/1/empty"), StandardOpenOption.WRITE)) {
      shorter.write(ByteBuffer.allocate(10_000));
    }
    Files.writeString(directory.resolve("pg_wal/000000010000000000000009"), "old log");
    Files.writeString(directory.resolve("pg_wal/archive_status/000000010000000000000009.done"), "");
    Files.writeString(directory.resolve("postmaster.pid"), "999999999\n");
    Files.writeString(directory.resolve("standby.signal"), "");
    Files.writeString(directory.resolve("postgresql.auto.conf"), "port = 1\n");
  }

  /** Changes one bit; size and time stay. */
  static void flip(Path file, int at) throws IOException {
    FileTime time = Files.getLastModifiedTime(file);
    byte[] content = Files.readAllBytes(file);
    content[at] ^= 1;
    Files.write(file, content);
    Files.setLastModifiedTime(file, time);
  }
}
