package io.github.barman4j.drill;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What every file of a tree looked like: size, time of its last change and inode. Whoever writes to a file changes one of them, and
 * looking at them costs a recovery no time worth measuring.
 */
record TreeFingerprint(SortedMap<String, String> files) {

  static TreeFingerprint of(Path root) throws IOException {
    SortedMap<String, String> files = new TreeMap<>();
    Files.walkFileTree(root, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        files.put(
            root.relativize(file).toString(),
            attributes.size() + " " + attributes.lastModifiedTime() + " " + attributes.fileKey());
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure)
          throws IOException {
        if (failure != null) {
          throw failure;
        }
        files.putIfAbsent(root.relativize(folder) + "/", "folder");
        return FileVisitResult.CONTINUE;
      }
    });
    return new TreeFingerprint(files);
  }

  /** The same without what lies in a folder, {@code /} at its end. */
  TreeFingerprint without(String folder) {
    SortedMap<String, String> others = new TreeMap<>(files);
    others.keySet().removeIf(name -> name.startsWith(folder));
    return new TreeFingerprint(others);
  }

  /** The files that have come, gone or changed since. */
  List<String> changesSince(TreeFingerprint earlier) {
    TreeSet<String> names = new TreeSet<>(files.keySet());
    names.addAll(earlier.files.keySet());
    List<String> changed = new ArrayList<>();
    for (String name : names) {
      String now = files.get(name);
      if (now == null || !now.equals(earlier.files.get(name))) {
        changed.add(name);
      }
    }
    return changed;
  }
}
