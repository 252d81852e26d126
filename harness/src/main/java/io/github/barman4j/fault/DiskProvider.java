package io.github.barman4j.fault;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Carries out on the real directory what is asked of a disk, and tells its tree. What lies outside of the disk can only be read. */
final class DiskProvider extends FileSystemProvider {
  static final String SCHEME = "barman-disk";

  private final Disk disk;
  private final DiskFileSystem fileSystem;

  DiskProvider(Disk disk, DiskFileSystem fileSystem) {
    this.disk = disk;
    this.fileSystem = fileSystem;
  }

  @Override
  public String getScheme() {
    return SCHEME;
  }

  @Override
  public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
    throw new UnsupportedOperationException("a disk is made by Disk.of");
  }

  @Override
  public FileSystem getFileSystem(URI uri) {
    return fileSystem;
  }

  @Override
  public Path getPath(URI uri) {
    return fileSystem.getPath(uri.getPath());
  }

  @Override
  public SeekableByteChannel newByteChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    return newFileChannel(path, options, attributes);
  }

  @Override
  public FileChannel newFileChannel(
      Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
      throws IOException {
    Path real = DiskPath.real(path);
    disk.requirePower();
    boolean writing =
        options.contains(StandardOpenOption.WRITE) || options.contains(StandardOpenOption.APPEND);
    if (!writing) {
      FileChannel opened = FileChannel.open(real, options, attributes);
      return real.startsWith(disk.live())
          ? new DiskChannel(disk, real, disk.tree().find(real), opened, false)
          : opened;
    }
    requireOnDisk(real);
    boolean truncating = options.contains(StandardOpenOption.TRUNCATE_EXISTING);
    Set<OpenOption> plain = new HashSet<>(options);
    plain.remove(StandardOpenOption.APPEND);
    plain.remove(StandardOpenOption.TRUNCATE_EXISTING);
    plain.remove(StandardOpenOption.DSYNC);
    plain.remove(StandardOpenOption.SYNC);
    plain.add(StandardOpenOption.WRITE);
    // Read too: what is forced is copied from here.
    plain.add(StandardOpenOption.READ);
    boolean appending = options.contains(StandardOpenOption.APPEND);
    DiskChannel channel = open(real, plain, appending, attributes);
    if (truncating) {
      channel.truncate(0);
    }
    return channel;
  }

  private DiskChannel open(
      Path real, Set<OpenOption> options, boolean appending, FileAttribute<?>... attributes)
      throws IOException {
    synchronized (disk.tree()) {
      boolean creating = options.contains(StandardOpenOption.CREATE_NEW)
          || (options.contains(StandardOpenOption.CREATE) && !Files.exists(real));
      if (!creating) {
        FileChannel opened = FileChannel.open(real, options, attributes);
        return new DiskChannel(disk, real, disk.tree().find(real), opened, appending);
      }
    }
    return disk.call(DiskCall.CREATE, real, () -> {
      synchronized (disk.tree()) {
        FileChannel opened = FileChannel.open(real, options, attributes);
        DiskNode node = options.contains(StandardOpenOption.CREATE_NEW) || isNew(real)
            ? disk.tree().created(real)
            : disk.tree().find(real);
        return new DiskChannel(disk, real, node, opened, appending);
      }
    });
  }

  private boolean isNew(Path real) {
    return !disk.tree().has(real);
  }

  @Override
  public DirectoryStream<Path> newDirectoryStream(
      Path directory, DirectoryStream.Filter<? super Path> filter) throws IOException {
    disk.requirePower();
    DirectoryStream<Path> real = Files.newDirectoryStream(
        DiskPath.real(directory), entry -> filter.accept(fileSystem.wrap(entry)));
    return new DirectoryStream<>() {
      @Override
      public Iterator<Path> iterator() {
        Iterator<Path> entries = real.iterator();
        return new Iterator<>() {
          @Override
          public boolean hasNext() {
            return entries.hasNext();
          }

          @Override
          public Path next() {
            return fileSystem.wrap(entries.next());
          }
        };
      }

      @Override
      public void close() throws IOException {
        real.close();
      }
    };
  }

  @Override
  public void createDirectory(Path directory, FileAttribute<?>... attributes) throws IOException {
    Path real = requireOnDisk(DiskPath.real(directory));
    if (Files.exists(real)) {
      throw new FileAlreadyExistsException(real.toString());
    }
    disk.call(DiskCall.MAKE_DIRECTORY, real, () -> {
      synchronized (disk.tree()) {
        Files.createDirectory(real, attributes);
        disk.tree().madeDirectory(real);
      }
      return real;
    });
  }

  @Override
  public void createLink(Path link, Path existing) throws IOException {
    Path real = requireOnDisk(DiskPath.real(link));
    Path from = requireOnDisk(DiskPath.real(existing));
    disk.call(DiskCall.LINK, real, () -> {
      synchronized (disk.tree()) {
        Files.createLink(real, from);
        disk.tree().linked(real, from);
      }
      return real;
    });
  }

  @Override
  public void delete(Path path) throws IOException {
    Path real = requireOnDisk(DiskPath.real(path));
    disk.call(DiskCall.DELETE, real, () -> {
      synchronized (disk.tree()) {
        Files.delete(real);
        disk.tree().deleted(real);
      }
      return real;
    });
  }

  @Override
  public void move(Path source, Path target, CopyOption... options) throws IOException {
    Path from = requireOnDisk(DiskPath.real(source));
    Path to = requireOnDisk(DiskPath.real(target));
    List<CopyOption> wanted = Arrays.asList(options);
    disk.call(DiskCall.RENAME, to, () -> {
      synchronized (disk.tree()) {
        if (!wanted.contains(StandardCopyOption.REPLACE_EXISTING) && Files.exists(to)) {
          throw new FileAlreadyExistsException(to.toString());
        }
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        disk.tree().renamed(from, to);
      }
      return to;
    });
  }

  /** As a program does it: a new file that is written. */
  @Override
  public void copy(Path source, Path target, CopyOption... options) throws IOException {
    boolean replacing = Arrays.asList(options).contains(StandardCopyOption.REPLACE_EXISTING);
    Set<OpenOption> how = Set.of(
        StandardOpenOption.WRITE,
        replacing ? StandardOpenOption.CREATE : StandardOpenOption.CREATE_NEW,
        StandardOpenOption.TRUNCATE_EXISTING);
    try (FileChannel from = newFileChannel(source, Set.of(StandardOpenOption.READ));
        FileChannel to = newFileChannel(target, how)) {
      for (long at = 0; at < from.size(); ) {
        at += from.transferTo(at, from.size() - at, to);
      }
    }
  }

  @Override
  public boolean isSameFile(Path one, Path other) throws IOException {
    return Files.isSameFile(DiskPath.real(one), DiskPath.real(other));
  }

  @Override
  public boolean isHidden(Path path) throws IOException {
    return Files.isHidden(DiskPath.real(path));
  }

  @Override
  public FileStore getFileStore(Path path) {
    return store();
  }

  DiskStore store() {
    return disk.store();
  }

  @Override
  public void checkAccess(Path path, AccessMode... modes) throws IOException {
    disk.requirePower();
    Path real = DiskPath.real(path);
    real.getFileSystem().provider().checkAccess(real, modes);
  }

  @Override
  public <V extends FileAttributeView> @Nullable V getFileAttributeView(
      Path path, Class<V> type, LinkOption... options) {
    return Files.getFileAttributeView(DiskPath.real(path), type, options);
  }

  @Override
  public <A extends BasicFileAttributes> A readAttributes(
      Path path, Class<A> type, LinkOption... options) throws IOException {
    disk.requirePower();
    return Files.readAttributes(DiskPath.real(path), type, options);
  }

  @Override
  public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
      throws IOException {
    disk.requirePower();
    return Files.readAttributes(DiskPath.real(path), attributes, options);
  }

  @Override
  public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
      throws IOException {
    disk.requirePower();
    Files.setAttribute(DiskPath.real(path), attribute, value, options);
  }

  private Path requireOnDisk(Path real) throws IOException {
    Path normal = real.toAbsolutePath().normalize();
    if (!normal.equals(real) || !real.startsWith(disk.live())) {
      throw new AccessDeniedException(real.toString(), null, "it does not lie on this disk");
    }
    return real;
  }
}
