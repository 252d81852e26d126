package io.github.barman4j.postgres;

import java.util.Optional;

/**
 * Why reading ended, and where.
 *
 * @param end after the last whole record; where reading began if there was none. Everything before it is proven, nothing after it
 * @param reason what did not fit
 * @param at where it did not fit: the position of a page or a record, or of the first byte that was not there
 * @param detail what was found, as a phrase for a message
 * @param unfinished start of a record that had begun before {@code at} and whose rest is missing or broken
 */
public record WalStop(Lsn end, Reason reason, Lsn at, String detail, Optional<Lsn> unfinished) {
  /** What did not fit. */
  public enum Reason {
    /** There are no more bytes: the only stop that {@link WalReader#continueWith} can lift. */
    END_OF_DATA,
    /** Zeros where a record or a page header had to begin: nothing was written there yet. */
    ZEROS,
    /** A page header that is none, or one of another cluster, another major or a timeline that cannot come here. */
    BAD_PAGE_HEADER,
    /** A page of another place: left over in a recycled segment. */
    WRONG_ADDRESS,
    /** A record header that is none, or that links to another record than the one before it: left over from earlier use. */
    BAD_RECORD_HEADER,
    /** A page that does not carry on the record which had begun, or that carries on one which had not. */
    BROKEN_CONTINUATION,
    /** A record whose checksum is wrong. */
    BAD_CHECKSUM
  }

  /** For example {@code 0/3000148: no more data after 0/3000120}. */
  @Override
  public String toString() {
    return at + ": " + detail + ", the log is whole up to " + end;
  }
}
