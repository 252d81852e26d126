package io.github.barman4j.repository;

import io.github.barman4j.BarmanException;
import io.github.barman4j.BlockHash;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.RepositoryLockedException;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.store.Lease;
import io.github.barman4j.store.ObjectStore;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The part of a repository that belongs to one server. Thread-safe; holds nothing open. */
public final class ServerRepository {
  /** The lock of who takes a backup. */
  public static final String BACKUP = "backup";

  /** The lock of who deletes a backup, held for the moment in which it vanishes from the catalog. */
  static final String DELETE = "delete";

  /** The lock of who receives WAL. */
  public static final String RECEIVE = "receive";

  private final ObjectStore store;
  private final RepositoryOptions options;
  private final ServerKeys keys;
  private final Compression compression;
  private final InstantSource clock;
  private final @Nullable DataKey key;
  private final SecureRandom random;
  private final Set<String> held = ConcurrentHashMap.newKeySet();

  ServerRepository(
      ObjectStore store,
      RepositoryOptions options,
      ServerKeys keys,
      Compression compression,
      InstantSource clock,
      @Nullable DataKey key,
      SecureRandom random) {
    this.store = store;
    this.options = options;
    this.keys = keys;
    this.compression = compression;
    this.clock = clock;
    this.key = key;
    this.random = random;
  }

  public String name() {
    return keys.server();
  }

  /** How new blocks and objects are compressed. */
  public Compression compression() {
    return compression;
  }

  /** What is the same for the whole repository. */
  public RepositoryOptions options() {
    return options;
  }

  /** Empty until a server has claimed the name. */
  public Optional<ServerIdentity> identity() {
    String object = keys.identity();
    if (store.size(object).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(ServerIdentity.parse(object, keys.server(), store.get(object)));
  }

  /**
   * Binds the name to a cluster, the first time; afterwards checks that it is the same.
   *
   * @param systemIdentifier unsigned
   * @throws BarmanException with REPOSITORY_OTHER_SYSTEM when the name belongs to another cluster
   */
  public void claim(long systemIdentifier, int postgresMajor) {
    ServerIdentity claimed = new ServerIdentity(systemIdentifier, postgresMajor);
    if (identity().isEmpty()) {
      store.putIfAbsent(keys.identity(), claimed.sealed(keys.server()));
    }
    ServerIdentity known = identity().orElseThrow();
    if (!known.equals(claimed)) {
      throw new BarmanException(
          ErrorCode.REPOSITORY_OTHER_SYSTEM,
          "the server has " + claimed + ", but '" + keys.server() + "' in the repository has "
              + known,
          "was the cluster made anew or upgraded? choose another name with barman.server, or connect to the original cluster");
    }
  }

  /**
   * Takes a lock, without waiting.
   *
   * @param purpose {@link #BACKUP}, {@link #RECEIVE}
   * @throws RepositoryLockedException naming who holds it
   */
  public RepositoryLock lock(String purpose) {
    String key = keys.lock(purpose);
    Optional<Lease> lease = store.tryLease(key, LockHolder.describe(clock));
    if (lease.isEmpty()) {
      String holder = store.leaseHolder(key).orElse("a process that has just ended");
      throw new RepositoryLockedException(
          ErrorCode.REPOSITORY_LOCKED,
          "the lock '" + purpose + "' of server '" + keys.server() + "' is held by " + holder,
          "wait until that process has ended, or stop it; the lock ends with it");
    }
    held.add(purpose);
    return new RepositoryLock(lease.get(), () -> held.remove(purpose));
  }

  /**
   * Announces that a backup is read, so that it is not deleted meanwhile. Any number may read a backup at once. A repository that is opened
   * to be read only keeps no such note: there, a backup may vanish under its reader, who then finds objects missing.
   *
   * <p>Who deletes takes the lock {@link #DELETE}, then looks for readers, then removes the catalog entry; a reader announces itself, then looks
   * for the lock, then for the entry. So at least one of the two sees the other.
   *
   * @throws BarmanException BACKUP_UNKNOWN when the catalog does not have it (any more)
   * @throws RepositoryLockedException when it, or another, is being deleted in this moment
   */
  public RepositoryLock use(String backupId) {
    BackupIds.check(backupId);
    Lease share = share(backupId);
    boolean usable = false;
    try {
      Optional<String> deleting = store.leaseHolder(keys.lock(DELETE));
      if (deleting.isPresent()) {
        throw new RepositoryLockedException(
            ErrorCode.REPOSITORY_LOCKED,
            "backup " + backupId + " of server '" + keys.server()
                + "' cannot be read now: a backup is being deleted by " + deleting.get(),
            "run it again; a deletion holds readers up for a moment only");
      }
      if (store.size(keys.catalogEntry(backupId)).isEmpty()) {
        throw new BarmanException(
            ErrorCode.BACKUP_UNKNOWN,
            "server '" + keys.server() + "' has no backup " + backupId,
            "was it deleted meanwhile? list-backups shows what there is");
      }
      usable = true;
      return new RepositoryLock(share, () -> {});
    } finally {
      if (!usable) {
        share.close();
      }
    }
  }

  private Lease share(String backupId) {
    try {
      return store.share(keys.use(backupId), LockHolder.describe(clock));
    } catch (BarmanException e) {
      if (e.code() != ErrorCode.REPOSITORY_UNWRITABLE) {
        throw e;
      }
      throw new BarmanException(
          e.code(),
          "a note that backup " + backupId + " is being read cannot be left: " + e.problem(),
          "set barman.readOnly to read from a repository that must not be written, or give this user the right to write",
          e);
    }
  }

  /** Who reads a backup now, for people to read. */
  public List<String> users(String backupId) {
    return store.sharers(keys.use(BackupIds.check(backupId)));
  }

  /** Whether anybody holds a lock. */
  public boolean isLocked(String purpose) {
    return lockHolder(purpose).isPresent();
  }

  /** Who holds a lock, for people to read. */
  public Optional<String> lockHolder(String purpose) {
    return store.leaseHolder(keys.lock(purpose));
  }

  /** Like {@link #newBackup(String, BackupReader, TaskGroup, Compression)} with {@link #compression()}. */
  public BackupWriter newBackup(String backupId, @Nullable BackupReader parent, TaskGroup workers) {
    return newBackup(backupId, parent, workers, compression);
  }

  /**
   * Begins a backup, after removing what killed ones have left. The caller has taken the lock {@link #BACKUP} from this object and keeps it
   * until the backup is in the catalog.
   *
   * @param backupId {@code YYYYMMDDTHHMMSSZ-xxxx}, new
   * @param parent what to compare with, of this server; null stores every block anew
   * @param workers threads for hashing and compressing; stay the caller's
   * @throws BarmanException with BACKUP_EXISTS when the catalog has the id
   */
  public BackupWriter newBackup(
      String backupId, @Nullable BackupReader parent, TaskGroup workers, Compression how) {
    return newBackup(backupId, parent, Set.of(), workers, how);
  }

  /**
   * Like {@link #newBackup(String, BackupReader, TaskGroup, Compression)}. Blocks of the parent that lie in packs which are not there any more
   * are never referred to.
   *
   * @param avoided ids of packs that are not referred to either, so that they go with the backups that need them
   */
  public BackupWriter newBackup(
      String backupId,
      @Nullable BackupReader parent,
      Set<String> avoided,
      TaskGroup workers,
      Compression how) {
    requireBackupLock();
    BackupIds.check(backupId);
    if (store.size(keys.catalogEntry(backupId)).isPresent()) {
      throw new BarmanException(
          ErrorCode.BACKUP_EXISTS,
          "the catalog has a backup " + backupId + " already",
          "take the backup again; it gets another id");
    }
    Leftovers leftovers = new Leftovers(store, keys);
    leftovers.removeAll();
    new Deletion(store, keys, objects()).finishAll();
    leftovers.mark(backupId, objects());
    List<String> present = parent == null ? List.of() : keys.packIds(store);
    ReferablePacks referable = new ReferablePacks(present, avoided);
    return new BackupWriter(store, keys, options, backupId, parent, referable, workers, how);
  }

  /**
   * Opens a backup.
   *
   * @param manifestHash from its catalog entry
   * @throws io.github.barman4j.IntegrityException when the manifest is missing or does not have this hash
   */
  public BackupReader openBackup(String backupId, BlockHash manifestHash) {
    return BackupReader.open(store, keys, options, backupId, manifestHash);
  }

  /** Forgets that a backup was unfinished, when its catalog entry is durable. */
  public void confirmBackup(String backupId) {
    new Leftovers(store, keys).unmark(backupId);
  }

  /**
   * Removes a finished backup that did not reach the catalog. The next {@link #newBackup} would do the same.
   *
   * @throws IllegalStateException when the catalog has it
   */
  public void discardBackup(String backupId) {
    requireBackupLock();
    if (store.size(keys.catalogEntry(backupId)).isPresent()) {
      throw new IllegalStateException("backup " + backupId + " is in the catalog");
    }
    new Leftovers(store, keys).discard(backupId);
  }

  /**
   * Verifies header, frame table and the checksums of all frames of a pack; not the hashes of its blocks, which reading them does.
   *
   * @param packId 16 hexadecimal digits
   * @return how many plain bytes the pack holds
   * @throws io.github.barman4j.IntegrityException when a byte has changed or the pack is missing
   */
  public long verifyPack(String packId) {
    long id = PackId.parse(packId);
    return PackFormat.verify(store, keys.pack(id), id);
  }

  /**
   * Verifies header, frame table and trailer of a pack, which no reader of blocks looks at.
   *
   * @param packId 16 hexadecimal digits
   * @throws io.github.barman4j.IntegrityException when a byte of them has changed or the pack is missing
   */
  public void verifyPackTable(String packId) {
    long id = PackId.parse(packId);
    PackFormat.verifyEnds(store, keys.pack(id), id);
  }

  /**
   * Stores a damaged block once more, durably, beside its pack; readers take it from there from then on.
   *
   * @param plain what has the block's hash
   */
  public void heal(StoredBlock block, byte[] plain) {
    new HealedBlocks(store, keys).add(block.entry(), plain);
  }

  /** Ids of all packs that are there, in the order of their names. */
  public List<String> packs() {
    return keys.packIds(store);
  }

  /**
   * How many plain bytes a pack holds, whoever needs them; not verified. 0 when it is not there, or cut short.
   *
   * @param packId 16 hexadecimal digits
   */
  public long plainBytesOf(String packId) {
    return PackFormat.plainBytes(store, keys.pack(PackId.parse(packId)));
  }

  /** Whether a pack was written by a backup, by their ids. */
  public static boolean isWrittenBy(String packId, String backupId) {
    return PackId.isOf(PackId.parse(packId), backupId);
  }

  /**
   * Deletes a backup, and what only it needed. The caller has taken the lock {@link #BACKUP} from this object. When this is interrupted, the
   * backup is there as a whole or not at all, and the next backup or deletion removes the rest.
   *
   * @param packs ids of the packs that no other catalog entry lists
   * @param objects keys, relative to the server, of archived WAL that no other backup needs
   * @return how many bytes were freed
   * @throws RepositoryLockedException when somebody reads the backup
   * @throws BarmanException (BACKUP_UNKNOWN) when the catalog does not have it
   */
  public long deleteBackup(String backupId, Collection<String> packs, Collection<String> objects) {
    requireBackupLock();
    BackupIds.check(backupId);
    new Leftovers(store, keys).removeAll();
    Deletion deletion = new Deletion(store, keys, objects());
    deletion.finishAll();
    List<String> doomed = new ArrayList<>();
    packs.forEach(pack -> doomed.add(keys.relative(keys.pack(PackId.parse(pack)))));
    doomed.addAll(objects);
    try (RepositoryLock gate = lock(DELETE)) {
      List<String> users = users(backupId);
      if (!users.isEmpty()) {
        throw new RepositoryLockedException(
            ErrorCode.REPOSITORY_LOCKED,
            "backup " + backupId + " of server '" + keys.server() + "' is being read by "
                + String.join(", ", users),
            "wait until that has ended; its note ends with its process");
      }
      if (store.size(keys.catalogEntry(backupId)).isEmpty()) {
        throw new BarmanException(
            ErrorCode.BACKUP_UNKNOWN,
            "server '" + keys.server() + "' has no backup " + backupId,
            "was it deleted meanwhile? list-backups shows what there is");
      }
      deletion.begin(backupId, doomed);
    }
    return deletion.finish(backupId);
  }

  private void requireBackupLock() {
    if (!held.contains(BACKUP)) {
      throw new IllegalStateException("the lock '" + BACKUP + "' was not taken from this object");
    }
  }

  /**
   * What seals records that must lie outside of the store; empty when the repository is not encrypted. Two seals of one purpose open each
   * other's records, in other processes too.
   *
   * @param purpose for example {@code spool}
   */
  public Optional<RecordSeal> recordSeal(String purpose) {
    DataKey found = key;
    return found == null
        ? Optional.empty()
        : Optional.of(new RecordSeal(found, keys.server() + " " + purpose, random));
  }

  /**
   * Digits that stand for a hash in the name of an object, where everybody can read them: the hash itself, or with encryption a name that only
   * this repository gives to it.
   *
   * @return 64 hexadecimal digits
   */
  public String nameOf(BlockHash hash) {
    DataKey found = key;
    return found == null ? hash.hex() : found.nameOf(hash);
  }

  /** WAL and other things of one piece. */
  public SealedObjects objects() {
    return new SealedObjects(store, keys, compression);
  }

  /** JSON that people can read. */
  public SealedDocuments documents() {
    return new SealedDocuments(store, keys);
  }
}
