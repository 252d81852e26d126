package io.github.barman4j.fault;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The names on a disk. Each change of a directory is seen at once and is on the disk only when that directory has been forced.
 *
 * <p>A rename within a directory reaches the disk whole or not at all, as on every file system that keeps a journal. One between two
 * directories has two halves, and each is forced with its own directory (fsync(2): of a file says nothing about its directory).
 * Thread-safe.
 */
final class DiskTree {
  private final Path live;
  private final Path forced;
  private final DiskSpace space;
  private final DiskFolder root = new DiskFolder();
  private final List<Change> pending = new ArrayList<>();
  private int files;

  /** What became of one name in one directory; null: it went. */
  private record Edit(
      DiskFolder folder, String name, @Nullable DiskNode node) {
    void apply(Map<String, DiskNode> names) {
      if (node == null) {
        names.remove(name);
      } else {
        names.put(name, node);
      }
    }
  }

  /** What reaches the disk together, as long as nothing of it has been forced by itself. */
  private record Change(List<Edit> edits) {
    static Change of(Edit... edits) {
      return new Change(new ArrayList<>(List.of(edits)));
    }
  }

  /**
   * @param live a real directory; what lies in it counts as durable
   * @param forced a real, empty directory for the durable content of files
   */
  DiskTree(Path live, Path forced, DiskSpace space) throws IOException {
    this.live = live;
    this.forced = forced;
    this.space = space;
    take(live, root);
  }

  private void take(Path directory, DiskFolder folder) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        DiskNode node;
        if (Files.isDirectory(entry)) {
          DiskFolder inner = new DiskFolder();
          take(entry, inner);
          node = inner;
        } else {
          DiskFile file = newFile();
          try (FileChannel content = FileChannel.open(entry, StandardOpenOption.READ)) {
            file.wrote(0, content.size());
            space.take(file.size());
            file.force(content);
          }
          node = file;
        }
        folder.live.put(nameOf(entry), node);
        folder.durable.put(nameOf(entry), node);
      }
    }
  }

  private DiskFile newFile() throws IOException {
    files++;
    return new DiskFile(forced.resolve(Integer.toString(files)));
  }

  synchronized DiskNode find(Path path) throws IOException {
    DiskNode node = root;
    if (!path.equals(live)) {
      for (Path part : live.relativize(path)) {
        DiskNode next = node instanceof DiskFolder folder ? folder.live.get(part.toString()) : null;
        if (next == null) {
          throw new NoSuchFileException(path.toString());
        }
        node = next;
      }
    }
    return node;
  }

  synchronized boolean has(Path path) {
    DiskNode node = root;
    for (Path part : live.relativize(path)) {
      node = node instanceof DiskFolder folder ? folder.live.get(part.toString()) : null;
    }
    return node != null;
  }

  synchronized DiskFile created(Path path) throws IOException {
    DiskFile file = newFile();
    add(path, file);
    return file;
  }

  synchronized void madeDirectory(Path path) throws IOException {
    add(path, new DiskFolder());
  }

  synchronized void linked(Path path, Path existing) throws IOException {
    DiskNode node = find(existing);
    if (node instanceof DiskFile file) {
      file.named();
    }
    add(path, node);
  }

  private void add(Path path, DiskNode node) throws IOException {
    DiskFolder folder = folderOf(path);
    folder.live.put(nameOf(path), node);
    pending.add(Change.of(new Edit(folder, nameOf(path), node)));
  }

  synchronized void renamed(Path from, Path to) throws IOException {
    DiskFolder source = folderOf(from);
    DiskFolder target = folderOf(to);
    DiskNode node = find(from);
    source.live.remove(nameOf(from));
    unname(target.live.put(nameOf(to), node));
    Edit gone = new Edit(source, nameOf(from), null);
    Edit come = new Edit(target, nameOf(to), node);
    if (source == target) {
      pending.add(Change.of(gone, come));
    } else {
      pending.add(Change.of(come));
      pending.add(Change.of(gone));
    }
  }

  synchronized void deleted(Path path) throws IOException {
    DiskFolder folder = folderOf(path);
    unname(folder.live.remove(nameOf(path)));
    pending.add(Change.of(new Edit(folder, nameOf(path), null)));
  }

  private void unname(@Nullable DiskNode node) {
    if (node instanceof DiskFile file && file.unnamed()) {
      space.give(file.size());
    }
  }

  /** Puts all names of a directory on the disk. */
  synchronized void force(DiskFolder folder) {
    for (Change change : pending) {
      change.edits().removeIf(edit -> {
        if (edit.folder() == folder) {
          edit.apply(folder.durable);
          return true;
        }
        return false;
      });
    }
    pending.removeIf(change -> change.edits().isEmpty());
  }

  synchronized Disk.Unforced unforced() {
    long names = pending.stream().mapToLong(change -> change.edits().size()).sum();
    return new Disk.Unforced(unforcedBytes(root), names);
  }

  private static long unforcedBytes(DiskFolder folder) {
    long bytes = 0;
    for (DiskNode node : folder.live.values()) {
      if (node instanceof DiskFolder inner) {
        bytes += unforcedBytes(inner);
      } else if (node instanceof DiskFile file) {
        bytes += file.unforcedBytes();
      }
    }
    return bytes;
  }

  /** Writes into an empty directory what a loss of power would leave; all that was not forced is gone. */
  synchronized void image(Path target) throws IOException {
    write(target, root, new Survivors(null));
  }

  /** The same, but each change that was not forced has reached the disk or not, by chance. */
  synchronized void image(Path target, SplittableRandom random) throws IOException {
    Survivors survivors = new Survivors(random);
    survivors.locate(live, root);
    for (Change change : pending) {
      if (random.nextBoolean()) {
        change.edits().forEach(edit -> edit.apply(survivors.names(edit.folder())));
      }
    }
    write(target, root, survivors);
  }

  /** What is there beside the durable: the names of directories, and where the content of files can be read that was not forced. */
  private static final class Survivors {
    private final @Nullable SplittableRandom random;
    private final Map<DiskFolder, Map<String, DiskNode>> names = new IdentityHashMap<>();
    private final Map<DiskNode, Path> places = new IdentityHashMap<>();

    Survivors(@Nullable SplittableRandom random) {
      this.random = random;
    }

    void locate(Path directory, DiskFolder folder) {
      folder.live.forEach((name, node) -> {
        places.put(node, directory.resolve(name));
        if (node instanceof DiskFolder inner) {
          locate(directory.resolve(name), inner);
        }
      });
    }

    Map<String, DiskNode> names(DiskFolder folder) {
      return names.computeIfAbsent(folder, key -> new TreeMap<>(key.durable));
    }

    void write(DiskFile file, Path target) throws IOException {
      Path place = places.get(file);
      if (random == null || place == null) {
        file.image(target);
      } else {
        try (FileChannel content = FileChannel.open(place, StandardOpenOption.READ)) {
          file.image(target, content, random);
        }
      }
    }
  }

  private static void write(Path target, DiskFolder folder, Survivors survivors)
      throws IOException {
    for (Map.Entry<String, DiskNode> entry : survivors.names(folder).entrySet()) {
      Path path = target.resolve(entry.getKey());
      if (entry.getValue() instanceof DiskFolder inner) {
        Files.createDirectory(path);
        write(path, inner, survivors);
      } else if (entry.getValue() instanceof DiskFile file) {
        survivors.write(file, path);
      }
    }
  }

  private DiskFolder folderOf(Path path) throws IOException {
    Path parent = path.getParent();
    if (parent != null && find(parent) instanceof DiskFolder folder) {
      return folder;
    }
    throw new FileSystemException(path.toString(), null, "Not a directory");
  }

  private static String nameOf(Path path) {
    return String.valueOf(path.getFileName());
  }
}
