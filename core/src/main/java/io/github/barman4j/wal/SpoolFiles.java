package io.github.barman4j.wal;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.repository.RecordSeal;
import io.github.barman4j.repository.ServerRepository;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How the segments in a spool are written and read: plain, each file as PostgreSQL has it, or in an encrypted repository as a
 * {@link SealedTail}. A file says itself which it is. Thread-safe.
 */
public final class SpoolFiles {
  private static final int BUFFER = 128 << 10;

  private final ServerRepository server;
  private final Map<Timeline, Optional<RecordSeal>> seals = new ConcurrentHashMap<>();

  SpoolFiles(ServerRepository server) {
    this.server = server;
  }

  /** What seals the segments of a timeline; empty when the repository is not encrypted, and files are to be written plain. */
  private Optional<RecordSeal> seal(Timeline timeline) {
    return seals.computeIfAbsent(
        timeline, each -> server.recordSeal(SealedTail.PURPOSE + each.hex()));
  }

  /** Whether new files must be {@link #writer sealed}. */
  public boolean sealed() {
    return seal(Timeline.FIRST).isPresent();
  }

  /**
   * Begins a sealed file.
   *
   * @param channel of a file that is empty, or full of zeros; stays the caller's
   * @throws IllegalStateException when the repository is not encrypted
   */
  public SealedTail writer(WalSegment segment, FileChannel channel) throws IOException {
    return SealedTail.begin(
        segment,
        channel,
        seal(segment.timeline())
            .orElseThrow(() -> new IllegalStateException("the repository is not encrypted")));
  }

  /**
   * The plain bytes of a segment in a spool, from its first one on. A plain file gives zeros after what has come; a sealed one ends there,
   * and where it cannot be read any more. The caller closes it.
   *
   * @throws NoSuchFileException when a receiver has renamed or archived it meanwhile
   * @throws BarmanException WAL_INVALID when it is sealed and the repository is not encrypted
   */
  public InputStream open(WalSegment segment, Path file) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    try {
      if (!SealedTail.isSealed(raw)) {
        return raw;
      }
      Optional<RecordSeal> seal = seal(segment.timeline());
      if (seal.isEmpty()) {
        throw new BarmanException(
            ErrorCode.WAL_INVALID,
            file + " is sealed, and the repository is not encrypted",
            "does this spool belong to another repository? give every server a spool of its own");
      }
      return new BufferedInputStream(new SealedTailReader(segment, raw, seal.get()), BUFFER);
    } catch (IOException | RuntimeException e) {
      raw.close();
      throw e;
    }
  }

  /**
   * What an earlier run has received of a segment, where new files are to be sealed; empty when that is nothing.
   *
   * @throws BarmanException WAL_INVALID when the file is a plain one
   */
  public Optional<InputStream> earlier(WalSegment segment, Path file) throws IOException {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
      if (SealedTail.isSealed(raw)) {
        return Optional.of(open(segment, file));
      }
      for (int value = raw.read(); value >= 0; value = raw.read()) {
        if (value != 0) {
          throw new BarmanException(
              ErrorCode.WAL_INVALID,
              file + " is not sealed, and the repository is encrypted",
              "does this spool belong to another repository? give every server a spool of its own");
        }
      }
      return Optional.empty();
    }
  }

  /** The first of the names of a segment's file under which it is there; empty when it is in the archive by now. */
  public Optional<InputStream> open(PartialSegment partial) throws IOException {
    for (Path name : partial.names()) {
      try {
        return Optional.of(open(partial.segment(), name));
      } catch (NoSuchFileException e) {
        // The receiver has renamed it, or moved it into the archive.
        continue;
      }
    }
    return Optional.empty();
  }

  /** How many plain bytes a file says that it has, without reading them. */
  long length(Path file) throws IOException {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file))) {
      return SealedTail.isSealed(raw) ? SealedTailReader.claimedLength(raw) : Files.size(file);
    }
  }
}
