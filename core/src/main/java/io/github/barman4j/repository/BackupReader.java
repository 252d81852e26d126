package io.github.barman4j.repository;

import io.github.barman4j.BlockHash;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.store.ObjectStore;
import java.util.Arrays;
import java.util.Optional;

/**
 * One backup, whole and at random. Everything it gives out was verified; what does not fit is an {@link IntegrityException} that names object,
 * file and block. Thread-safe: files can be read by several threads at once. Holds nothing open.
 */
public final class BackupReader {
  private final RepositoryOptions options;
  private final String backupId;
  private final ManifestReader manifest;
  private final FrameReader frames;

  private BackupReader(
      RepositoryOptions options, String backupId, ManifestReader manifest, FrameReader frames) {
    this.options = options;
    this.backupId = backupId;
    this.manifest = manifest;
    this.frames = frames;
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
        new FrameReader(store, keys, options.frameSize()));
  }

  public String backupId() {
    return backupId;
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
      Frame frame = frames.frame(entry.address(), Frame.DATA);
      int from = frame.verified(frames.objectOf(entry.address()), entry, length);
      return Arrays.copyOfRange(frame.plain(), from, from + length);
    } catch (IntegrityException e) {
      throw damaged(file, number, e);
    }
  }

  Optional<ManifestEntry> find(FileKind kind, String path) {
    return manifest.find(kind, path);
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
