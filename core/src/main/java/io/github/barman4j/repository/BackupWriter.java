package io.github.barman4j.repository;

import io.github.barman4j.BlockHash;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.codec.Codec;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Stores the files of one backup. One thread calls it; hashing and compressing happen on the task group's threads. A call that fails ends the
 * backup. {@link #close()} without {@link #finish()} removes what was stored.
 *
 * <p>Memory, with the usual sizes: 8 MiB for blocks on their way, 5 MiB for recent blocks, 8 MiB for manifest entries, 6 MiB for map pages of
 * the parent; it does not grow with the database.
 */
public final class BackupWriter implements AutoCloseable {
  private static final int SORTER_BYTES = 8 << 20;
  private static final int MOST_DAMAGE = 20;
  private static final int CONFIGURATION_MODE = 0600;

  private final ObjectStore store;
  private final ServerKeys keys;
  private final String backupId;
  private final @Nullable BackupReader parent;
  private final ReferablePacks referable;
  private final Codec codec;
  private final PackWriter packs;
  private final ManifestSorter sorter;
  private final BackupTally tally = new BackupTally();
  private final FrameGroup dataGroup;
  private final FrameGroup mapGroup;
  private final BlockMapBuilder.Context maps;
  private final BlockPipeline pipeline;
  private final List<IntegrityException> parentDamage = new ArrayList<>();
  private int incompleteFiles;
  private boolean usable = true;
  private boolean finished;
  private boolean closed;

  BackupWriter(
      ObjectStore store,
      ServerKeys keys,
      RepositoryOptions options,
      String backupId,
      @Nullable BackupReader parent,
      ReferablePacks referable,
      TaskGroup workers,
      Compression compression) {
    this.store = store;
    this.keys = keys;
    this.backupId = backupId;
    this.parent = parent;
    this.referable = referable;
    this.codec = Codec.of(compression);
    this.packs = new PackWriter(store, keys, backupId, options.packSize());
    this.sorter = new ManifestSorter(
        new SealedObjects(store, keys, compression), keys, backupId, SORTER_BYTES);
    this.dataGroup = new FrameGroup(Frame.DATA, options.frameSize(), codec, packs);
    this.mapGroup = new FrameGroup(Frame.MAP, mapFrameSize(options), codec, packs);
    this.maps = new BlockMapBuilder.Context(options, dataGroup, mapGroup, referable, tally);
    this.pipeline = new BlockPipeline(options, codec, workers, packs, referable, tally);
  }

  private static int mapFrameSize(RepositoryOptions options) {
    return Math.max(options.frameSize(), options.mapPageEntries() * BlockEntry.BYTES);
  }

  /** @param mode permission bits, for example 0700 */
  public void directory(String path, int mode) {
    add(new DirectoryEntry(path, mode));
  }

  /** @param target as it is on the server */
  public void link(String path, String target) {
    add(new LinkEntry(path, target));
  }

  /**
   * Stores a file of the data directory. Reads the content to its end and returns, mostly, before all of it is stored.
   *
   * @param content exactly as long as announced; not closed
   * @throws io.github.barman4j.BarmanException with BACKUP_FAILED when it is shorter or longer, or cannot be read
   */
  public void file(FileInfo info, InputStream content) {
    store(info, FileKind.DATA, content);
  }

  /** Stores configuration from outside of the data directory under a name, which is a relative path. */
  public void configuration(String name, byte[] content) {
    FileInfo info = new FileInfo(name, CONFIGURATION_MODE, Instant.EPOCH, content.length);
    store(info, FileKind.CONFIGURATION, new ByteArrayInputStream(content));
  }

  /** Returns when packs and manifest are durable. The backup exists for others when its catalog entry does. */
  public BackupContents finish() {
    begin();
    pipeline.drain();
    dataGroup.flush();
    mapGroup.flush();
    if (incompleteFiles != 0) {
      throw new IllegalStateException(incompleteFiles + " files have blocks that were not stored");
    }
    packs.finish();
    BackupContents contents;
    try (ManifestWriter manifest = new ManifestWriter(store, keys, backupId, codec)) {
      sorter.drainTo(manifest::add);
      BlockHash hash = manifest.finish(tally.files(), tally.plainBytes());
      contents = tally.contents(hash, packs.storedBytes() + manifest.storedBytes());
    }
    sorter.close();
    finished = true;
    return contents;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    usable = false;
    packs.close();
    codec.close();
    if (!finished) {
      new Leftovers(store, keys).discard(backupId);
    }
  }

  private void store(FileInfo info, FileKind kind, InputStream content) {
    begin();
    tally.file(info.size());
    incompleteFiles++;
    BlockMap before = blocksInParent(info.path(), kind);
    BlockMapBuilder map = new BlockMapBuilder(maps, info.size(), before, root -> {
      incompleteFiles--;
      sorter.add(ManifestRecord.encode(
          new FileEntry(info.path(), info.mode(), info.modified(), info.size(), kind, root)));
    });
    pipeline.store(info.path(), info.size(), content, map, before);
    usable = true;
  }

  private @Nullable BlockMap blocksInParent(String path, FileKind kind) {
    BackupReader before = parent;
    if (before == null) {
      return null;
    }
    try {
      return before
          .find(kind, path)
          .filter(FileEntry.class::isInstance)
          .map(entry -> before.blockMap((FileEntry) entry, this::damageInParent))
          .orElse(null);
    } catch (IntegrityException e) {
      damageInParent(e);
      return null;
    }
  }

  private void damageInParent(IntegrityException damage) {
    if (parentDamage.size() < MOST_DAMAGE) {
      parentDamage.add(damage);
    }
  }

  /**
   * What of the parent could not be read or is missing, so that blocks were stored anew that it has; the first of it. Complete after {@link
   * #finish()}.
   */
  public List<IntegrityException> parentDamage() {
    List<IntegrityException> all = new ArrayList<>(parentDamage);
    referable
        .missing()
        .forEach(pack -> all.add(Damage.in(keys.pack(PackId.parse(pack)), "it is missing")));
    return List.copyOf(all);
  }

  private void add(ManifestEntry entry) {
    begin();
    sorter.add(ManifestRecord.encode(entry));
    usable = true;
  }

  /** Whoever does not get as far as to set {@link #usable} again has failed. */
  private void begin() {
    if (!usable) {
      throw new IllegalStateException(
          "backup " + backupId + " has failed, is finished or was closed");
    }
    usable = false;
  }
}
