package io.github.barman4j.repository;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Secret;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A passphrase, and the keys that it has opened: the slow derivation is paid once for a repository, however often it is opened with the same
 * ring. Thread-safe; its text form says nothing.
 */
public final class KeyRing {
  /** For repositories that are not encrypted. */
  public static final KeyRing NONE = new KeyRing(null);

  private final @Nullable Secret passphrase;
  private final Map<String, DataKey> opened = new ConcurrentHashMap<>();

  private KeyRing(@Nullable Secret passphrase) {
    this.passphrase = passphrase;
  }

  public static KeyRing of(Secret passphrase) {
    return new KeyRing(passphrase);
  }

  /** Null for {@link #NONE}. */
  @Nullable
  Secret passphrase() {
    return passphrase;
  }

  /**
   * The data key of a repository; empty when neither it is encrypted nor a passphrase was given.
   *
   * @throws BarmanException ENCRYPTION_KEY_MISSING, ENCRYPTION_KEY_WRONG or ENCRYPTION_NOT_USED
   */
  Optional<DataKey> unlock(String place, RepositoryFormat format) {
    if (format.slots().isEmpty()) {
      if (passphrase != null) {
        throw new BarmanException(
            ErrorCode.ENCRYPTION_NOT_USED,
            "a passphrase was given, but the repository " + place + " is not encrypted",
            "leave barman.encryptionPassphrase out, or begin a new repository: encryption is chosen when a repository is made");
      }
      return Optional.empty();
    }
    if (passphrase == null) {
      throw new BarmanException(
          ErrorCode.ENCRYPTION_KEY_MISSING,
          "the repository " + place + " is encrypted and no passphrase was given",
          "give it with barman.encryptionPassphrase, settings.xml or the environment variable BARMAN_PASSPHRASE");
    }
    DataKey known = opened.get(format.id());
    if (known != null) {
      return Optional.of(known);
    }
    for (KeySlot slot : format.slots()) {
      Optional<DataKey> key = slot.unwrap(passphrase, format.bound());
      if (key.isPresent()) {
        opened.put(format.id(), key.get());
        return key;
      }
    }
    throw new BarmanException(
        ErrorCode.ENCRYPTION_KEY_WRONG,
        "the passphrase does not open the repository " + place,
        "was it changed, or mistyped? a repository.json whose sizes or id were changed by hand is not opened by any");
  }

  /** The key of a repository that was made with this ring. */
  void remember(RepositoryFormat format, DataKey key) {
    opened.put(format.id(), key);
  }

  @Override
  public String toString() {
    return passphrase == null ? "no passphrase" : "***";
  }
}
