package io.github.barman4j.drill;

import io.github.barman4j.postgres.Page;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Every page of every relation in the data directory of a server that was shut down in order: tables, indexes of all kinds, TOAST, maps,
 * in the tablespaces as well. Sources: relpath.c (names), bufpage.c; 15–18.
 *
 * @param pages that were looked at
 * @param faults file, block and what is wrong, a sentence each
 */
record PageScan(long pages, List<String> faults) {
  private static final Pattern RELATION =
      Pattern.compile("[0-9]+(?:_(?:fsm|vm|init))?(?:\\.([0-9]+))?");
  private static final long PAGES_OF_SEGMENT = (1L << 30) / Page.SIZE;
  private static final int CHUNK = 128 * Page.SIZE;

  PageScan {
    faults = List.copyOf(faults);
  }

  /** @param checksums whether the pages carry them; without, only their headers can be judged */
  static PageScan of(Path dataDirectory, boolean checksums) throws IOException {
    Visitor visitor = new Visitor(dataDirectory, checksums);
    for (String folder : List.of("global", "base", "pg_tblspc")) {
      // What lies in pg_tblspc are links to where the tablespaces are.
      Files.walkFileTree(
          dataDirectory.resolve(folder),
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          visitor);
    }
    return new PageScan(visitor.pages, visitor.faults);
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final Path root;
    private final boolean checksums;
    private final byte[] buffer = new byte[CHUNK];
    private final List<String> faults = new ArrayList<>();
    private long pages;

    Visitor(Path root, boolean checksums) {
      this.root = root;
      this.checksums = checksums;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return folder.endsWith("pgsql_tmp") ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Matcher name = RELATION.matcher(String.valueOf(file.getFileName()));
      if (name.matches()) {
        long segment = name.group(1) == null ? 0 : Long.parseLong(name.group(1));
        scan(file, segment * PAGES_OF_SEGMENT);
      }
      return FileVisitResult.CONTINUE;
    }

    private void scan(Path file, long firstBlock) throws IOException {
      long block = firstBlock;
      try (InputStream in = Files.newInputStream(file)) {
        for (int n = in.readNBytes(buffer, 0, CHUNK); n > 0; n = in.readNBytes(buffer, 0, CHUNK)) {
          for (int at = 0; at + Page.SIZE <= n; at += Page.SIZE) {
            judge(file, at, block++);
          }
          if (n % Page.SIZE != 0) {
            faults.add(root.relativize(file) + " ends within block " + block);
          }
        }
      }
    }

    private void judge(Path file, int at, long block) {
      pages++;
      Page.fault(buffer, at, block, checksums)
          .ifPresent(
              fault -> faults.add(root.relativize(file) + ", block " + block + ": " + fault));
    }
  }
}
