package io.github.barman4j.receive;

import io.github.barman4j.repository.Encrypted;
import io.github.barman4j.repository.Repository;
import io.github.barman4j.repository.RepositoryOptions;
import io.github.barman4j.store.InMemoryObjectStore;
import io.github.barman4j.wal.SpoolFiles;
import io.github.barman4j.wal.WalArchive;

/** Formats of spools for tests. */
final class Spools {
  private Spools() {}

  static SpoolFiles plain() {
    return new WalArchive(
            Repository.openOrCreate(new InMemoryObjectStore(), RepositoryOptions.defaults())
                .server("main"))
        .spoolFiles();
  }

  static SpoolFiles sealed() {
    return new WalArchive(Encrypted.create(new InMemoryObjectStore(), RepositoryOptions.defaults())
            .server("main"))
        .spoolFiles();
  }
}
