package io.github.barman4j.wal;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A segment in the spool that the archive does not have: one of which only the beginning has come, or a whole one that is about to
 * be archived.
 *
 * <p>Its file has the segment's full size. In one of which only the beginning has come zeros follow the last byte that was received;
 * a receiver may be adding to it while it is read.
 *
 * @param file where it lies
 * @param whole whether all of it has come
 */
public record PartialSegment(WalSegment segment, Path file, boolean whole)
    implements Comparable<PartialSegment> {
  /** What the name of a segment ends with of which only the beginning has come, as pg_receivewal has it. */
  public static final String SUFFIX = ".partial";

  /**
   * What it ends with when more of it was received than the path of the log has: the tail of a server that was left behind by a
   * failover.
   */
  public static final String DIVERGENT_SUFFIX = ".divergent";

  /** Where a spool has the beginning of a segment. */
  public static Path fileOf(Path spool, WalSegment segment) {
    return spool.resolve(segment.name() + SUFFIX);
  }

  /**
   * The segments that a spool holds, whole or not, in order of timeline and number; none when the directory is not there.
   *
   * @throws BarmanException IO when the directory cannot be read
   */
  public static List<PartialSegment> in(Path spool, WalSegmentSize size) {
    List<PartialSegment> found = new ArrayList<>();
    if (!Files.isDirectory(spool)) {
      return found;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(spool)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        boolean whole = WalSegment.isName(name);
        String stem = whole ? name : stem(name);
        if (WalSegment.isName(stem)) {
          found.add(new PartialSegment(WalSegment.parse(stem, size), file, whole));
        }
      }
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.IO,
          "the spool " + spool + " cannot be read: " + e,
          "check the directory's owner and permissions",
          e);
    }
    found.sort(null);
    return List.copyOf(found);
  }

  /** Without the suffix of a segment that has not come whole; empty for any other name. */
  private static String stem(String name) {
    for (String suffix : List.of(SUFFIX, DIVERGENT_SUFFIX)) {
      if (name.endsWith(suffix)) {
        return name.substring(0, name.length() - suffix.length());
      }
    }
    return "";
  }

  /** Whether its file says that it holds what the path of the log does not have. */
  public boolean divergent() {
    return String.valueOf(file.getFileName()).endsWith(DIVERGENT_SUFFIX);
  }

  /**
   * Where the file is when a receiver has renamed it since: under the name of a whole segment or of a divergent one.
   *
   * @return the names that it may have, the present one first
   */
  List<Path> names() {
    return List.of(
        file,
        file.resolveSibling(segment.name()),
        file.resolveSibling(segment.name() + DIVERGENT_SUFFIX));
  }

  @Override
  public int compareTo(PartialSegment other) {
    return segment.compareTo(other.segment);
  }
}
