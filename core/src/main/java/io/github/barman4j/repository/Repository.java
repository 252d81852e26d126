package io.github.barman4j.repository;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.store.ObjectStore;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** A repository whose format this release knows. Thread-safe; holds nothing open. */
public final class Repository {
  private static final Pattern SERVER_NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
  private static final int ID_BYTES = 16;

  private final ObjectStore store;
  private final RepositoryFormat format;
  private final InstantSource clock;

  private Repository(ObjectStore store, RepositoryFormat format, InstantSource clock) {
    this.store = store;
    this.format = format;
    this.clock = clock;
  }

  /**
   * Opens a repository and changes nothing.
   *
   * @throws BarmanException with REPOSITORY_NOT_FOUND where none is, REPOSITORY_FORMAT_UNKNOWN for a version that this release does not know
   */
  public static Repository open(ObjectStore store) {
    return open(store, InstantSource.system());
  }

  static Repository open(ObjectStore store, InstantSource clock) {
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
    return new Repository(store, RepositoryFormat.parse(store.toString(), sealed), clock);
  }

  /** Opens a repository, after making it where none is; the options matter only then. */
  public static Repository openOrCreate(ObjectStore store, RepositoryOptions options) {
    return openOrCreate(store, options, InstantSource.system());
  }

  static Repository openOrCreate(
      ObjectStore store, RepositoryOptions options, InstantSource clock) {
    store.discardUnfinished(ServerKeys.REPOSITORY);
    if (store.size(ServerKeys.REPOSITORY).isEmpty()) {
      byte[] id = new byte[ID_BYTES];
      new SecureRandom().nextBytes(id);
      create(store, new RepositoryFormat(HexFormat.of().formatHex(id), options));
    }
    return open(store, clock);
  }

  /** Does nothing where a repository is already. */
  static void create(ObjectStore store, RepositoryFormat format) {
    store.putIfAbsent(ServerKeys.REPOSITORY, format.sealed());
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
    return new ServerRepository(store, format.options(), new ServerKeys(name), compression, clock);
  }
}
