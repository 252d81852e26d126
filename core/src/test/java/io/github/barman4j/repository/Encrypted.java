package io.github.barman4j.repository;

import io.github.barman4j.Secret;
import io.github.barman4j.codec.Argon2;
import io.github.barman4j.store.ObjectStore;
import java.security.SecureRandom;

/** Encrypted repositories for tests: with a derivation that costs nothing. */
public final class Encrypted {
  public static final Secret PASSPHRASE = Secret.of("correct horse battery staple");

  private static final Argon2 CHEAP = new Argon2(64, 1, 1);

  private Encrypted() {}

  /** A store that encrypts with a new key. */
  public static ObjectStore over(ObjectStore store) {
    return new EncryptedStore(store, DataKey.draw(new SecureRandom()), new SecureRandom());
  }

  /** A repository that is encrypted with a passphrase. */
  public static Repository create(ObjectStore store, RepositoryOptions options) {
    create(store, "000102030405060708090a0b0c0d0e0f", options, new SecureRandom());
    return Repository.open(store, KeyRing.of(PASSPHRASE));
  }

  static void create(ObjectStore store, String id, RepositoryOptions options, SecureRandom random) {
    Repository.create(
        store,
        new RepositoryFormat(id, options)
            .wrapping(DataKey.draw(random), PASSPHRASE, CHEAP, random));
  }
}
