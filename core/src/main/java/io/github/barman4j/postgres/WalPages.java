package io.github.barman4j.postgres;

import io.github.barman4j.BarmanException;
import io.github.barman4j.postgres.WalStop.Reason;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Checks each page's header against the place it was read from and the pages before it, as xlogreader.c does
 * (XLogReaderValidatePageHeader, 15–18), and keeps the current one. Not thread-safe.
 */
final class WalPages {
  /** What is wrong with a page. */
  record Fault(Reason reason, String detail) {}

  private final WalBytes bytes;
  private final WalSegmentSize segmentSize;
  private Timeline newest;
  private @Nullable SystemIdentifier system;
  private @Nullable WalPageHeader current;
  private int blockSize;

  /** Pages of segments of one size, none of a timeline above {@code newest}. */
  WalPages(WalBytes bytes, WalSegmentSize segmentSize, Timeline newest) {
    this.bytes = bytes;
    this.segmentSize = segmentSize;
    this.newest = newest;
  }

  void expect(SystemIdentifier expected) {
    system = expected;
  }

  void upTo(Timeline timeline) {
    newest = timeline;
  }

  /** Bytes of a page; known once the first one has been entered. */
  int blockSize() {
    return blockSize;
  }

  /** The header of the page entered last. */
  WalPageHeader current() {
    if (current == null) {
      throw new IllegalStateException("no page has been entered");
    }
    return current;
  }

  /** Makes the page at an address the current one, unless something is wrong with it; the first must be a segment's first. */
  @Nullable
  Fault enter(long address) throws IOException {
    int have = bytes.available(address, WalPageHeader.SHORT_LENGTH);
    if (have == WalPageHeader.SHORT_LENGTH) {
      have = bytes.available(address, WalPageHeader.length(bytes.array(), bytes.index(address)));
    }
    int from = have == 0 ? 0 : bytes.index(address);
    if (have < WalPageHeader.SHORT_LENGTH || have < WalPageHeader.length(bytes.array(), from)) {
      return new Fault(Reason.END_OF_DATA, "no more data");
    }
    if (Bytes.isZero(bytes.array(), from, from + have)) {
      return new Fault(Reason.ZEROS, "zeros instead of a page header");
    }
    WalPageHeader header;
    try {
      header = WalPageHeader.parse(bytes.array(), from, from + have);
    } catch (BarmanException e) {
      return new Fault(Reason.BAD_PAGE_HEADER, e.problem());
    }
    Fault fault = judge(header, new Lsn(address));
    if (fault == null) {
      header.identity().ifPresent(identity -> {
        system = identity.systemIdentifier();
        blockSize = identity.blockSize();
      });
      current = header;
    }
    return fault;
  }

  private @Nullable Fault judge(WalPageHeader header, Lsn address) {
    if (header.identity().isPresent()) {
      String foreign = foreign(header.identity().get());
      if (foreign != null) {
        return new Fault(Reason.BAD_PAGE_HEADER, foreign);
      }
    } else if (segmentSize.offsetOf(address) == 0) {
      return new Fault(
          Reason.BAD_PAGE_HEADER, "the first page of a segment does not say where it comes from");
    }
    if (!header.address().equals(address)) {
      return new Fault(Reason.WRONG_ADDRESS, "a page of " + header.address());
    }
    if (header.timeline().compareTo(newest) > 0) {
      return new Fault(
          Reason.BAD_PAGE_HEADER,
          "a page of timeline " + header.timeline() + " in a log of timeline " + newest);
    }
    if (current == null) {
      return null;
    }
    if (header.magic() != current.magic()) {
      return new Fault(
          Reason.BAD_PAGE_HEADER,
          "a page of PostgreSQL " + header.major() + " after one of " + current.major());
    }
    if (header.timeline().compareTo(current.timeline()) < 0) {
      return new Fault(
          Reason.BAD_PAGE_HEADER,
          "a page of timeline " + header.timeline() + " after one of timeline "
              + current.timeline());
    }
    return null;
  }

  private @Nullable String foreign(WalPageHeader.Identity identity) {
    if (system != null && !identity.systemIdentifier().equals(system)) {
      return "a segment of system " + identity.systemIdentifier() + ", expected " + system;
    }
    if (!identity.segmentSize().equals(segmentSize)) {
      return "a segment of " + identity.segmentSize() + ", expected " + segmentSize;
    }
    if (blockSize != 0 && identity.blockSize() != blockSize) {
      return "a segment with pages of " + identity.blockSize() + " bytes, expected " + blockSize;
    }
    return null;
  }
}
