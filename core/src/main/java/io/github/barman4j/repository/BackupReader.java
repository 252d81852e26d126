package io.github.barman4j.repository;

import io.github.barman4j.BlockHash;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.store.ObjectStore;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One backup, whole and at random. Everything it gives out was verified; what does not fit is an {@link IntegrityException} that names object,
 * file and block. Thread-safe: files can be read by several threads at once. Holds nothing open.
 */
public final class BackupReader {
  private final RepositoryOptions options;
  private final String backupId;
  private final ManifestReader manifest;
  private final FrameReader frames;
  private final Set<String> hidden;
  private final ZeroBlocks zeroBlocks;

  private BackupReader(
      RepositoryOptions options,
      String backupId,
      ManifestReader manifest,
      FrameReader frames,
      Set<String> hidden) {
    this.hidden = hidden;
    this.options = options;
    this.backupId = backupId;
    this.manifest = manifest;
    this.frames = frames;
    this.zeroBlocks = new ZeroBlocks(options.blockSize());
  }

  static BackupReader open(
      ObjectStore store,
      ServerKeys keys,
      RepositoryOptions options,
      String backupId,
      BlockHash manifestHash) {
    return new BackupReader(
        options,
        backupId,
        ManifestReader.open(store, keys, options, backupId, manifestHash),
        new FrameReader(store, keys, options.frameSize()),
        Set.of());
  }

  public String backupId() {
    return backupId;
  }

  /** Bytes of a block, but for the last of a file. */
  public int blockSize() {
    return options.blockSize();
  }

  /** How many files there are, of the data directory and of configuration. */
  public long files() {
    return manifest.totals().files();
  }

  /** How many bytes all files have. */
  public long bytes() {
    return manifest.totals().bytes();
  }

  /**
   * Everything in the backup, sorted by path, configuration last. Read page by page while it is iterated: memory does not grow with the number
   * of files.
   */
  public Iterable<ManifestEntry> entries() {
    return manifest.entries();
  }

  /** An entry of the data directory, by one short read. */
  public Optional<ManifestEntry> find(String path) {
    return manifest.find(FileKind.DATA, path);
  }

  /** A file of configuration that lay outside of the data directory. */
  public Optional<FileEntry> findConfiguration(String name) {
    return manifest.find(FileKind.CONFIGURATION, name).map(FileEntry.class::cast);
  }

  /** Reads a whole file, in order. What the consumer throws ends the reading. */
  public void read(FileEntry file, BlockConsumer consumer) {
    new FileReading(this, file, consumer, null).run();
  }

  /**
   * Reads those blocks of a file that the caller does not have, in order.
   *
   * @param present asked once for each block, in order, before the block is read; what it throws ends the reading
   */
  public void readMissing(FileEntry file, BlockPresence present, BlockConsumer consumer) {
    new FileReading(this, file, consumer, present).run();
  }

  /**
   * Reads a whole file, in order, and goes on where it is damaged: the examiner is told. Only a damaged page of the manifest ends it, when the
   * entries are iterated.
   */
  public void examine(FileEntry file, BlockExaminer examiner) {
    new FileExamination(this, file, zeroBlocks, examiner).run();
  }

  /**
   * Where a block lies; empty when it is all zero, or the file is too short.
   *
   * @throws IntegrityException when the map page that lists it is damaged
   */
  public Optional<StoredBlock> place(FileEntry file, long number) {
    if (number >= options.blocksOf(file.size())) {
      return Optional.empty();
    }
    BlockEntry entry = blockMap(file).block(number);
    return entry.address().isZero() ? Optional.empty() : Optional.of(StoredBlock.of(entry));
  }

  /** A whole file of at most 2³¹-1 bytes: for small ones. */
  public byte[] readAll(FileEntry file) {
    byte[] content = new byte[Math.toIntExact(file.size())];
    read(
        file,
        (offset, buffer, from, length) ->
            System.arraycopy(buffer, from, content, (int) offset, length));
    return content;
  }

  /**
   * One block, by a few short reads.
   *
   * @param number from 0; the block begins at {@code number} times the block size of {@link RepositoryOptions}
   */
  public byte[] readBlock(FileEntry file, long number) {
    int length = options.lengthOf(number, file.size());
    try {
      BlockEntry entry = blockMap(file).block(number);
      if (entry.address().isZero()) {
        return new byte[length];
      }
      FrameReader.Piece piece = frames.piece(entry, Frame.DATA, length);
      return Arrays.copyOfRange(piece.bytes(), piece.from(), piece.from() + length);
    } catch (IntegrityException e) {
      throw damaged(file, number, e);
    }
  }

  /** The same backup as if it did not have some paths, for a backup that is not to refer to what it has of them. */
  public BackupReader without(Set<String> paths) {
    return new BackupReader(options, backupId, manifest, frames, Set.copyOf(paths));
  }

  Optional<ManifestEntry> find(FileKind kind, String path) {
    return hidden.contains(path) ? Optional.empty() : manifest.find(kind, path);
  }

  /** A block map whose damaged pages count as absent. */
  BlockMap blockMap(FileEntry file, Consumer<IntegrityException> damage) {
    return new BlockMap(file.blocks(), file.size(), options, frames, damage);
  }

  RepositoryOptions options() {
    return options;
  }

  FrameReader frames() {
    return frames;
  }

  BlockMap blockMap(FileEntry file) {
    return new BlockMap(file.blocks(), file.size(), options, frames);
  }

  IntegrityException damaged(FileEntry file, long number, IntegrityException e) {
    return Damage.of("block " + number + " of '" + file.path() + "' in backup " + backupId, e);
  }
}
