package io.github.barman4j.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class BinariesCacheTest {
  @TempDir
  Path temporary;

  private BinariesCache cache;

  @BeforeEach
  void makeCache() {
    cache = new BinariesCache(temporary.resolve("cache"));
  }

  @Test
  void unpacksProgramsAndLinksOnce() throws IOException {
    Path jar = jar("bin/postgres");
    Path unpacked = cache.unpacked(jar);
    assertThat(unpacked.resolve("bin/postgres")).isExecutable().hasContent("content");
    assertThat(unpacked.resolve("lib/libpq.so.5")).isSymbolicLink();
    FileTime before = Files.getLastModifiedTime(unpacked.resolve("bin/postgres"));
    assertThat(cache.unpacked(jar)).isEqualTo(unpacked);
    assertThat(Files.getLastModifiedTime(unpacked.resolve("bin/postgres"))).isEqualTo(before);
  }

  @Test
  void unpacksAgainWhenAFileIsMissing() throws IOException {
    Path jar = jar("bin/postgres");
    Path program = cache.unpacked(jar).resolve("bin/postgres");
    Files.delete(program);
    cache.unpacked(jar);
    assertThat(program).exists();
    assertOneFolder();
  }

  @Test
  void isSafeForManyAtOnce() throws Exception {
    Path jar = jar("bin/postgres");
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Path>> all =
          threads.invokeAll(Stream.<Callable<Path>>generate(() -> () -> cache.unpacked(jar))
              .limit(16)
              .toList());
      for (Future<Path> one : all) {
        assertThat(one.get().resolve("bin/postgres")).exists();
      }
    } finally {
      threads.shutdownNow();
    }
    assertOneFolder();
  }

  @Test
  void refusesAnArchiveThatWritesOutside() throws IOException {
    Path jar = jar("../../outside");
    assertThatThrownBy(() -> cache.unpacked(jar))
        .isInstanceOf(BarmanException.class)
        .rootCause()
        .hasMessageContaining("../../outside");
    assertThat(temporary.resolve("outside")).doesNotExist();
  }

  @Test
  void refusesAFolderThatOthersCanWriteTo() throws IOException {
    Path root = Files.createDirectory(temporary.resolve("cache"));
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> cache.unpacked(jar("bin/postgres")))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("others may write to it");
  }

  private void assertOneFolder() throws IOException {
    try (Stream<Path> folders = Files.list(temporary.resolve("cache"))) {
      assertThat(folders).hasSize(1);
    }
  }

  private Path jar(String program) throws IOException {
    ByteArrayOutputStream archive = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new XZOutputStream(archive, new LZMA2Options(0)))) {
      byte[] content = "content".getBytes(StandardCharsets.UTF_8);
      TarArchiveEntry file = new TarArchiveEntry(program);
      file.setSize(content.length);
      file.setMode(0100755);
      tar.putArchiveEntry(file);
      tar.write(content);
      tar.closeArchiveEntry();
      TarArchiveEntry link = new TarArchiveEntry("lib/libpq.so.5", TarConstants.LF_SYMLINK);
      link.setLinkName("libpq.so.5.18");
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
    }
    Path jar = temporary.resolve("binaries.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("postgres-linux-x86_64.txz"));
      zip.write(archive.toByteArray());
    }
    return jar;
  }
}
