package io.github.barman4j.store;

import io.github.barman4j.DurableFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Objects as files below one directory, which need not exist before the first is written.
 *
 * <p>Every write goes through {@link DurableFile}. Files whose names begin with {@code .} are not objects: temporary files and
 * leases.
 */
public final class LocalObjectStore implements ObjectStore {
  private final Path root;

  private LocalObjectStore(Path root) {
    this.root = root;
  }

  /** Touches nothing yet. */
  public static LocalObjectStore at(Path root) {
    return new LocalObjectStore(root.toAbsolutePath().normalize());
  }

  public Path root() {
    return root;
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    try (Upload upload = upload(key)) {
      upload.out().write(content);
      return upload.commitIfAbsent();
    } catch (IOException e) {
      throw StoreFailure.writing(key, place(), e);
    }
  }

  @Override
  public Upload upload(String key) {
    Path file = file(key);
    try {
      DurableFile.createDirectories(directoryOf(file));
      return new LocalUpload(key, DurableFile.create(file));
    } catch (IOException e) {
      throw StoreFailure.writing(key, place(), e);
    }
  }

  @Override
  public byte[] get(String key) {
    try {
      return Files.readAllBytes(file(key));
    } catch (IOException e) {
      throw StoreFailure.reading(key, place(), e);
    }
  }

  @Override
  public byte[] get(String key, long offset, int length) {
    try (FileChannel channel = FileChannel.open(file(key), StandardOpenOption.READ)) {
      int available = (int) Math.max(0, Math.min(length, channel.size() - offset));
      ByteBuffer buffer = ByteBuffer.allocate(available);
      while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
        // A read may return less than was asked for.
      }
      return buffer.hasRemaining()
          ? Arrays.copyOf(buffer.array(), buffer.position())
          : buffer.array();
    } catch (IOException e) {
      throw StoreFailure.reading(key, place(), e);
    }
  }

  @Override
  public InputStream open(String key) {
    try {
      return Files.newInputStream(file(key));
    } catch (IOException e) {
      throw StoreFailure.reading(key, place(), e);
    }
  }

  @Override
  public OptionalLong size(String key) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file(key), BasicFileAttributes.class);
      return attributes.isRegularFile() ? OptionalLong.of(attributes.size()) : OptionalLong.empty();
    } catch (NoSuchFileException e) {
      return OptionalLong.empty();
    } catch (IOException e) {
      throw StoreFailure.reading(key, place(), e);
    }
  }

  @Override
  public List<String> list(String prefix) {
    ObjectKey.checkPrefix(prefix);
    List<String> keys = new ArrayList<>();
    walk(prefix, (file, name) -> {
      String key = root.relativize(file).toString();
      if (!name.startsWith(".") && key.startsWith(prefix)) {
        keys.add(key);
      }
    });
    keys.sort(null);
    return keys;
  }

  @Override
  public void delete(String key) {
    try {
      DurableFile.delete(file(key));
    } catch (IOException e) {
      throw StoreFailure.deleting(key, place(), e);
    }
  }

  @Override
  public void discardUnfinished(String prefix) {
    ObjectKey.checkPrefix(prefix);
    walk(prefix, (file, name) -> {
      if (name.startsWith(DurableFile.TEMPORARY_PREFIX)) {
        DurableFile.deleteAbandoned(file);
      }
    });
  }

  @Override
  public Optional<Lease> tryLease(String key, String holder) {
    Path file = leaseFile(key);
    try {
      DurableFile.createDirectories(directoryOf(file));
      return FileLease.tryAcquire(file, holder);
    } catch (IOException e) {
      throw StoreFailure.writing(key, place(), e);
    }
  }

  @Override
  public Optional<String> leaseHolder(String key) {
    try {
      return FileLease.holder(leaseFile(key));
    } catch (IOException e) {
      throw StoreFailure.reading(key, place(), e);
    }
  }

  @Override
  public Lease share(String key, String holder) {
    Path file = file(key);
    try {
      DurableFile.createDirectories(directoryOf(file));
      return SharedLease.take(directoryOf(file), nameOf(file), holder);
    } catch (IOException e) {
      throw StoreFailure.writing(key, place(), e);
    }
  }

  @Override
  public List<String> sharers(String key) {
    Path file = file(key);
    try {
      return SharedLease.holders(directoryOf(file), nameOf(file));
    } catch (IOException e) {
      throw StoreFailure.reading(key, place(), e);
    }
  }

  @Override
  public void discardShares(String key) {
    Path file = file(key);
    try {
      SharedLease.discard(directoryOf(file), nameOf(file));
    } catch (IOException e) {
      throw StoreFailure.deleting(key, place(), e);
    }
  }

  @Override
  public String toString() {
    return root.toString();
  }

  private String place() {
    return root.toString();
  }

  private Path file(String key) {
    return root.resolve(ObjectKey.check(key));
  }

  private Path leaseFile(String key) {
    Path file = file(key);
    return file.resolveSibling(".lease-" + file.getFileName());
  }

  private static String nameOf(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static Path directoryOf(Path file) {
    Path parent = file.getParent();
    if (parent == null) {
      throw new IllegalArgumentException(file + " has no directory");
    }
    return parent;
  }

  private interface FileVisit {
    void visit(Path file, String name) throws IOException;
  }

  /** Visits the files in the directory that the prefix names up to its last slash, and below; files may vanish meanwhile. */
  private void walk(String prefix, FileVisit visit) {
    Path start = root.resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1));
    try {
      Files.walkFileTree(start, new SimpleFileVisitor<Path>() {
        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
          String key = root.relativize(directory).toString();
          boolean leads =
              directory.equals(start) || key.startsWith(prefix) || prefix.startsWith(key + "/");
          return leads ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
            throws IOException {
          if (attributes.isRegularFile()) {
            visit.visit(file, String.valueOf(file.getFileName()));
          }
          return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
          if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
            return FileVisitResult.CONTINUE;
          }
          throw e;
        }
      });
    } catch (IOException e) {
      throw StoreFailure.reading(prefix, place(), e);
    }
  }

  private final class LocalUpload implements Upload {
    private final String key;
    private final DurableFile file;

    LocalUpload(String key, DurableFile file) {
      this.key = key;
      this.file = file;
    }

    @Override
    public OutputStream out() {
      return file.out();
    }

    @Override
    public void commit() {
      try {
        file.commit();
      } catch (IOException e) {
        throw StoreFailure.writing(key, place(), e);
      }
    }

    @Override
    public boolean commitIfAbsent() {
      try {
        return file.commitIfAbsent();
      } catch (IOException e) {
        throw StoreFailure.writing(key, place(), e);
      }
    }

    @Override
    public void close() {
      try {
        file.close();
      } catch (IOException e) {
        throw StoreFailure.writing(key, place(), e);
      }
    }
  }
}
