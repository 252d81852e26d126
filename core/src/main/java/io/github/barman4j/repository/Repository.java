package io.github.barman4j.repository;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.RepositoryLockedException;
import io.github.barman4j.Secret;
import io.github.barman4j.codec.Argon2;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.store.Lease;
import io.github.barman4j.store.ObjectStore;
import io.github.barman4j.store.Upload;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A repository whose format this release knows. Thread-safe; holds nothing open. */
public final class Repository {
  private static final Pattern SERVER_NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
  private static final int ID_BYTES = 16;

  private final ObjectStore store;
  private final RepositoryFormat format;
  private final @Nullable DataKey key;
  private final InstantSource clock;
  private final SecureRandom random;

  private Repository(
      ObjectStore store,
      RepositoryFormat format,
      @Nullable DataKey key,
      InstantSource clock,
      SecureRandom random) {
    this.store = store;
    this.format = format;
    this.key = key;
    this.clock = clock;
    this.random = random;
  }

  /** Opens a repository that is not encrypted, and changes nothing. */
  public static Repository open(ObjectStore store) {
    return open(store, KeyRing.NONE);
  }

  /**
   * Opens a repository and changes nothing.
   *
   * @throws BarmanException with REPOSITORY_NOT_FOUND where none is, REPOSITORY_FORMAT_UNKNOWN for a version that this release does not know,
   *     ENCRYPTION_KEY_MISSING or ENCRYPTION_KEY_WRONG for a passphrase that does not open it, ENCRYPTION_NOT_USED for one that it does not need
   */
  public static Repository open(ObjectStore store, KeyRing keys) {
    return open(store, keys, InstantSource.system(), new SecureRandom());
  }

  static Repository open(ObjectStore store, InstantSource clock) {
    return open(store, KeyRing.NONE, clock, new SecureRandom());
  }

  static Repository open(
      ObjectStore store, KeyRing keys, InstantSource clock, SecureRandom random) {
    RepositoryFormat format = read(store);
    DataKey key = keys.unlock(store.toString(), format).orElse(null);
    return new Repository(store, format, key, clock, random);
  }

  private static RepositoryFormat read(ObjectStore store) {
    byte[] sealed;
    try {
      sealed = store.get(ServerKeys.REPOSITORY);
    } catch (BarmanException e) {
      if (ObjectStore.isMissing(e)) {
        throw new BarmanException(
            ErrorCode.REPOSITORY_NOT_FOUND,
            "there is no repository in " + store,
            "check barman.repository; the first backup makes a repository",
            e);
      }
      throw e;
    }
    return RepositoryFormat.parse(store.toString(), sealed);
  }

  /** Like {@link #openOrCreate(ObjectStore, RepositoryOptions, KeyRing)}, without encryption. */
  public static Repository openOrCreate(ObjectStore store, RepositoryOptions options) {
    return openOrCreate(store, options, KeyRing.NONE);
  }

  /** Opens a repository, after making it where none is: only then the options matter, and it is encrypted if there is a passphrase. */
  public static Repository openOrCreate(
      ObjectStore store, RepositoryOptions options, KeyRing keys) {
    SecureRandom random = new SecureRandom();
    store.discardUnfinished(ServerKeys.REPOSITORY);
    if (store.size(ServerKeys.REPOSITORY).isEmpty()) {
      byte[] id = new byte[ID_BYTES];
      random.nextBytes(id);
      RepositoryFormat format = new RepositoryFormat(HexFormat.of().formatHex(id), options);
      Secret passphrase = keys.passphrase();
      if (passphrase != null) {
        DataKey key = DataKey.draw(random);
        format = format.wrapping(key, passphrase, Argon2.DEFAULT, random);
        keys.remember(format, key);
      }
      create(store, format);
    }
    return open(store, keys);
  }

  /** Does nothing where a repository is already. */
  static void create(ObjectStore store, RepositoryFormat format) {
    store.putIfAbsent(ServerKeys.REPOSITORY, format.sealed());
  }

  /**
   * Replaces the passphrase of an encrypted repository. Only {@code repository.json} is written, atomically: the data key stays, so who has had
   * the old passphrase <em>and</em> a copy of the old {@code repository.json} can still read.
   *
   * @throws BarmanException ENCRYPTION_NOT_USED when the repository is not encrypted
   * @throws RepositoryLockedException when another process does the same in this moment
   */
  public void changePassphrase(Secret passphrase) {
    DataKey wrapped = key;
    if (wrapped == null) {
      throw new BarmanException(
          ErrorCode.ENCRYPTION_NOT_USED,
          "the repository " + store + " is not encrypted, so its passphrase cannot be changed",
          "begin a new repository with a passphrase: encryption is chosen when a repository is made");
    }
    try (Lease lease = store
            .tryLease(ServerKeys.REPOSITORY_LOCK, LockHolder.describe(clock))
            .orElseThrow(() -> new RepositoryLockedException(
                ErrorCode.REPOSITORY_LOCKED,
                "the passphrase of the repository " + store + " is being changed by "
                    + store.leaseHolder(ServerKeys.REPOSITORY_LOCK).orElse("another process"),
                "wait until that has ended, and see which passphrase holds then"));
        Upload upload = store.upload(ServerKeys.REPOSITORY)) {
      upload
          .out()
          .write(
              read(store).wrapping(wrapped, passphrase, Argon2.DEFAULT, random).sealed());
      upload.commit();
    } catch (IOException e) {
      throw StreamFailure.writing(ServerKeys.REPOSITORY, e);
    }
  }

  /** Whether it can be read with a passphrase only. */
  public boolean isEncrypted() {
    return key != null;
  }

  /** 32 hexadecimal digits that no other repository has. */
  public String id() {
    return format.id();
  }

  public RepositoryOptions options() {
    return format.options();
  }

  /** The part of one server, which need not exist yet; what is written is compressed with Zstandard at level 1. */
  public ServerRepository server(String name) {
    return server(name, Compression.DEFAULT);
  }

  /** The part of one server, and how to compress what will be written there. */
  public ServerRepository server(String name, Compression compression) {
    if (!SERVER_NAME.matcher(name).matches()) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "'" + name + "' is not a name for a server in the repository",
          "use at most 63 lower-case letters, digits, '-' and '_', beginning with a letter or digit");
    }
    ObjectStore objects = key == null ? store : new EncryptedStore(store, key, random);
    return new ServerRepository(
        objects, format.options(), new ServerKeys(name), compression, clock, key, random);
  }
}
