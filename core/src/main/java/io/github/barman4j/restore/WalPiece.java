package io.github.barman4j.restore;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One segment that recovery will be given.
 *
 * @param spooled the receiver's file, when the archive does not have the segment
 * @param cutAt where the path leaves the segment's timeline although the younger timeline's own copy is missing: from there on it is
 *     served as zeros, so that nothing is replayed that does not belong to the path
 */
public record WalPiece(
    WalSegment segment, @Nullable Path spooled, @Nullable Lsn cutAt) {

  static WalPiece archived(WalSegment segment) {
    return new WalPiece(segment, null, null);
  }

  /** Where it comes from if not from the archive. */
  public Optional<Path> partialFile() {
    return Optional.ofNullable(spooled);
  }

  /** Where its content ends early. */
  public Optional<Lsn> cut() {
    return Optional.ofNullable(cutAt);
  }
}
