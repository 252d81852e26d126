package io.github.barman4j.repository;

import io.github.barman4j.BarmanException;
import io.github.barman4j.store.ObjectStore;
import java.util.List;
import java.util.Optional;

/**
 * JSON documents of one server, sealed with a hash and, unless the repository is encrypted, still readable by people. Keys are relative to
 * the server. Thread-safe.
 */
public final class SealedDocuments {
  private final ObjectStore store;
  private final ServerKeys keys;

  SealedDocuments(ObjectStore store, ServerKeys keys) {
    this.store = store;
    this.keys = keys;
  }

  /**
   * Stores a document durably unless the key is taken.
   *
   * @param json one JSON value in UTF-8, kept as it stands
   * @return false when the key is taken
   */
  public boolean putIfAbsent(String key, byte[] json) {
    return store.putIfAbsent(keys.of(key), SealedJson.seal(json));
  }

  /**
   * The verified JSON; empty when there is no such document.
   *
   * @throws io.github.barman4j.IntegrityException when a byte of it has changed
   */
  public Optional<byte[]> find(String key) {
    String object = keys.of(key);
    byte[] sealed;
    try {
      sealed = store.get(object);
    } catch (BarmanException e) {
      if (ObjectStore.isMissing(e)) {
        return Optional.empty();
      }
      throw e;
    }
    return Optional.of(SealedJson.open(object, sealed));
  }

  /** The name of a document's object in the whole repository, for messages. */
  public String objectName(String key) {
    return keys.of(key);
  }

  /** Keys that begin with a text, sorted. */
  public List<String> list(String prefix) {
    return keys.list(store, prefix);
  }

  public void delete(String key) {
    store.delete(keys.of(key));
  }
}
