package io.github.barman4j.it.server;

import io.github.barman4j.server.SourceFile;
import io.github.barman4j.server.SourceVisitor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;

/** Writes what a page source gives into a folder; a tablespace's link leads to where a test wants it. */
final class FolderVisitor implements SourceVisitor {
  final Map<String, SourceFile> files = new TreeMap<>();
  final Map<String, Integer> directories = new TreeMap<>();
  final Map<String, String> links = new TreeMap<>();

  private final Path folder;
  private final Path tablespaces;

  FolderVisitor(Path folder, Path tablespaces) {
    this.folder = folder;
    this.tablespaces = tablespaces;
  }

  /** Below {@code pg_tblspc/<oid>} of a tablespace with a link the files are where the link will lead. */
  private Path place(String path) {
    return folder.resolve(path);
  }

  @Override
  public void directory(String path, int mode) {
    directories.put(path, mode);
    make(place(path));
  }

  @Override
  public void link(String path, String target) {
    links.put(path, target);
    try {
      Path moved = tablespaces.resolve(path.substring(path.indexOf('/') + 1));
      Files.move(place(path), moved);
      Files.createSymbolicLink(place(path), moved);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void file(SourceFile file, InputStream content) {
    files.put(file.path(), file);
    Path path = place(file.path());
    make(path.getParent());
    try {
      Files.copy(content, path);
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void make(Path directory) {
    try {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
