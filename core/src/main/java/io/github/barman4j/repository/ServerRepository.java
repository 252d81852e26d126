package io.github.barman4j.repository;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.RepositoryLockedException;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.store.Lease;
import io.github.barman4j.store.ObjectStore;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The part of a repository that belongs to one server. Thread-safe; holds nothing open. */
public final class ServerRepository {
  /** The lock of who takes a backup. */
  public static final String BACKUP = "backup";

  /** The lock of who receives WAL. */
  public static final String RECEIVE = "receive";

  private final ObjectStore store;
  private final RepositoryOptions options;
  private final ServerKeys keys;
  private final Compression compression;
  private final InstantSource clock;
  private final Set<String> held = ConcurrentHashMap.newKeySet();

  ServerRepository(
      ObjectStore store,
      RepositoryOptions options,
      ServerKeys keys,
      Compression compression,
      InstantSource clock) {
    this.store = store;
    this.options = options;
    this.keys = keys;
    this.compression = compression;
    this.clock = clock;
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

  /** Whether anybody holds a lock. */
  public boolean isLocked(String purpose) {
    return lockHolder(purpose).isPresent();
  }

  /** Who holds a lock, for people to read. */
  public Optional<String> lockHolder(String purpose) {
    return store.leaseHolder(keys.lock(purpose));
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
