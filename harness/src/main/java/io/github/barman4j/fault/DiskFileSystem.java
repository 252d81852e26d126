package io.github.barman4j.fault;

import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.List;
import java.util.Set;

/** The file system of one disk. */
final class DiskFileSystem extends FileSystem {
  private static final FileSystem REAL = FileSystems.getDefault();

  private final DiskProvider provider;

  DiskFileSystem(Disk disk) {
    this.provider = new DiskProvider(disk, this);
  }

  Path wrap(Path real) {
    return new DiskPath(this, real);
  }

  @Override
  public DiskProvider provider() {
    return provider;
  }

  /** It stays open as long as anybody has a path of it. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("a disk cannot be closed");
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public boolean isReadOnly() {
    return false;
  }

  @Override
  public String getSeparator() {
    return REAL.getSeparator();
  }

  @Override
  public Iterable<Path> getRootDirectories() {
    return List.of(wrap(Path.of("/")));
  }

  @Override
  public Iterable<FileStore> getFileStores() {
    return List.of(provider.store());
  }

  @Override
  public Set<String> supportedFileAttributeViews() {
    return REAL.supportedFileAttributeViews();
  }

  @Override
  public Path getPath(String first, String... more) {
    return wrap(REAL.getPath(first, more));
  }

  @Override
  public PathMatcher getPathMatcher(String syntaxAndPattern) {
    PathMatcher matcher = REAL.getPathMatcher(syntaxAndPattern);
    return path -> matcher.matches(DiskPath.real(path));
  }

  @Override
  public UserPrincipalLookupService getUserPrincipalLookupService() {
    return REAL.getUserPrincipalLookupService();
  }

  @Override
  public WatchService newWatchService() {
    throw new UnsupportedOperationException("nobody can watch this disk");
  }
}
