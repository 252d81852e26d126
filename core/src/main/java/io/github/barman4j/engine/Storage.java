package io.github.barman4j.engine;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Secret;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.catalog.Catalog;
import io.github.barman4j.catalog.CatalogEntries;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.repository.KeyRing;
import io.github.barman4j.repository.Repository;
import io.github.barman4j.repository.RepositoryOptions;
import io.github.barman4j.repository.ServerRepository;
import io.github.barman4j.store.LocalObjectStore;
import io.github.barman4j.store.ObjectStore;
import io.github.barman4j.store.ReadOnlyObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Opens the part of the repository that belongs to the configured server. Thread-safe. */
final class Storage {
  private final EngineConfiguration configuration;
  private final KeyRing keys;

  Storage(EngineConfiguration configuration) {
    this.configuration = configuration;
    Secret passphrase = configuration.passphrase();
    this.keys = passphrase == null ? KeyRing.NONE : KeyRing.of(passphrase);
  }

  Path spool() {
    Path own = configuration.spool();
    return own != null
        ? own
        : configuration
            .repository()
            .resolve(configuration.server())
            .resolve("wal")
            .resolve("partial");
  }

  /** Where a backup that has no receiver keeps its WAL until it is archived. */
  Path backupSpool() {
    return configuration
        .repository()
        .resolve(configuration.server())
        .resolve("wal")
        .resolve("backup");
  }

  /** @throws BarmanException (REPOSITORY_NOT_FOUND) when there is no repository, or nothing of this server in it */
  ServerRepository existing() {
    Path directory = configuration.repository();
    if (!Files.isDirectory(directory)) {
      throw new BarmanException(
          ErrorCode.REPOSITORY_NOT_FOUND,
          "there is no repository at " + directory,
          "set barman.repository to where the backups are; barman:backup makes a new one");
    }
    ServerRepository server = Repository.open(store(), keys).server(configuration.server());
    if (server.identity().isEmpty()) {
      throw new BarmanException(
          ErrorCode.REPOSITORY_NOT_FOUND,
          "the repository " + directory + " has nothing of a server '" + configuration.server()
              + "'",
          "is barman.server right? barman:backup begins a new server");
    }
    return server;
  }

  void changePassphrase(Secret newOne) {
    Repository.open(writableStore(), keys).changePassphrase(newOne);
  }

  /** The catalog of the server; nothing where there is no repository. */
  CatalogEntries known() {
    return find().map(server -> new Catalog(server).entries()).orElse(CatalogEntries.NONE);
  }

  /** The id of the latest backup, whether its entry is damaged or not; empty where there is none. */
  Optional<BackupId> newest() {
    return find()
        .flatMap(server -> new Catalog(server).ids().stream().reduce((older, newer) -> newer));
  }

  boolean receiverRuns() {
    return find().map(server -> server.isLocked(ServerRepository.RECEIVE)).orElse(false);
  }

  private Optional<ServerRepository> find() {
    try {
      return Optional.of(existing());
    } catch (BarmanException e) {
      if (e.code() == ErrorCode.REPOSITORY_NOT_FOUND) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Like {@link #existing}, and refuses one that was opened to be read only. */
  ServerRepository writable() {
    requireWritable();
    return existing();
  }

  ServerRepository existingOrNew() {
    return openOrCreate().server(configuration.server());
  }

  ServerRepository existingOrNew(Compression compression) {
    return openOrCreate().server(configuration.server(), compression);
  }

  private Repository openOrCreate() {
    return Repository.openOrCreate(writableStore(), RepositoryOptions.defaults(), keys);
  }

  private ObjectStore writableStore() {
    requireWritable();
    return store();
  }

  /** Refuses at once, rather than at the first object that is to be written. */
  private void requireWritable() {
    if (configuration.readOnly()) {
      throw new BarmanException(
          ErrorCode.REPOSITORY_UNWRITABLE,
          "the repository " + configuration.repository() + " was opened to be read only",
          "leave out barman.readOnly for what writes to the repository");
    }
  }

  private ObjectStore store() {
    ObjectStore store = LocalObjectStore.at(configuration.repository());
    return configuration.readOnly() ? ReadOnlyObjectStore.of(store) : store;
  }
}
