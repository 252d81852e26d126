package io.github.barman4j.wal;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.WalPageHeader;
import io.github.barman4j.postgres.WalSegment;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A file that is said to be a segment.
 *
 * @param format how it is read
 */
record SegmentFile(WalSegment segment, Path path, SpoolFiles format) {
  private static final String HINT =
      "archive only what pg_wal of the server holds, unchanged and under its own name";

  /**
   * Checks the file's size and its first page.
   *
   * @return the header of the first page
   * @throws BarmanException WAL_INVALID when it is not this segment, REPOSITORY_OTHER_SYSTEM when it is of another server
   */
  WalPageHeader validateBeginning(SystemIdentifier expected) throws IOException {
    int size = segment.size().bytes();
    long length = format.length(path);
    if (length != size) {
      throw invalid("has " + length + " bytes instead of " + size);
    }
    WalPageHeader first = header(bytes(0), 0);
    if (first.identity().isEmpty()) {
      throw invalid("does not say where it comes from");
    }
    WalPageHeader.Identity identity = first.identity().get();
    if (!identity.systemIdentifier().equals(expected)) {
      throw new BarmanException(
          ErrorCode.REPOSITORY_OTHER_SYSTEM,
          "segment " + path + " is of system " + identity.systemIdentifier()
              + ", the repository of " + expected,
          "was the cluster made anew? give every cluster a server name of its own in the repository");
    }
    if (!identity.segmentSize().equals(segment.size())) {
      throw invalid("is one of " + identity.segmentSize() + " by its first page");
    }
    return first;
  }

  /**
   * Checks the last page: one of this place in the log, or zeros where a switch of segments has left the rest empty (xlog.c,
   * CopyXLogRecordToWAL, 15–18). A segment that has not come whole ends with zeros as well, one that was recycled with a page of another
   * place.
   *
   * @param first the header of the first page
   * @param whole whether the records lead to the segment's end
   * @throws BarmanException WAL_INVALID when it is not whole
   */
  void validateEnd(WalPageHeader first, boolean whole) throws IOException {
    int blockSize = first
        .identity()
        .map(WalPageHeader.Identity::blockSize)
        .orElse(segment.size().bytes());
    int offset = segment.size().bytes() - blockSize;
    byte[] last = bytes(offset);
    if (whole && Arrays.equals(last, new byte[last.length])) {
      return;
    }
    WalPageHeader header = header(last, offset);
    if (header.magic() != first.magic()) {
      throw invalid("begins with a page of PostgreSQL " + first.major() + " and ends with one of "
          + header.major());
    }
  }

  private byte[] bytes(int offset) throws IOException {
    try (InputStream in = open()) {
      in.skipNBytes(offset);
      return in.readNBytes(WalPageHeader.LONG_LENGTH);
    } catch (EOFException e) {
      throw invalid("cannot be read to its end");
    }
  }

  private WalPageHeader header(byte[] bytes, int offset) {
    WalPageHeader header;
    try {
      header = WalPageHeader.parse(bytes);
    } catch (BarmanException e) {
      throw invalid("has no page at " + segment.start().plus(offset) + ": " + e.problem());
    }
    Lsn expected = segment.start().plus(offset);
    if (!header.address().equals(expected)) {
      throw invalid("has the page of " + header.address() + " at the place of " + expected);
    }
    if (header.timeline().compareTo(segment.timeline()) > 0) {
      throw invalid("has a page of timeline " + header.timeline());
    }
    return header;
  }

  private BarmanException invalid(String problem) {
    return new BarmanException(ErrorCode.WAL_INVALID, "segment " + path + " " + problem, HINT);
  }

  InputStream open() throws IOException {
    return format.open(segment, path);
  }
}
