package io.github.barman4j.store;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A store that is only read: whatever would write is refused with REPOSITORY_UNWRITABLE before it touches anything. Shared leases are not
 * taken, as they would have to be written: who deletes does not see this reader.
 */
public final class ReadOnlyObjectStore implements ObjectStore {
  private final ObjectStore store;

  private ReadOnlyObjectStore(ObjectStore store) {
    this.store = store;
  }

  public static ReadOnlyObjectStore of(ObjectStore store) {
    return new ReadOnlyObjectStore(store);
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    throw refused("writing object", key);
  }

  @Override
  public Upload upload(String key) {
    throw refused("writing object", key);
  }

  @Override
  public byte[] get(String key) {
    return store.get(key);
  }

  @Override
  public byte[] get(String key, long offset, int length) {
    return store.get(key, offset, length);
  }

  @Override
  public InputStream open(String key) {
    return store.open(key);
  }

  @Override
  public OptionalLong size(String key) {
    return store.size(key);
  }

  @Override
  public List<String> list(String prefix) {
    return store.list(prefix);
  }

  @Override
  public void delete(String key) {
    throw refused("deleting object", key);
  }

  @Override
  public void discardUnfinished(String prefix) {
    throw refused("removing unfinished objects below", prefix);
  }

  @Override
  public Optional<Lease> tryLease(String key, String holder) {
    throw refused("taking the lock", key);
  }

  @Override
  public Optional<String> leaseHolder(String key) {
    return store.leaseHolder(key);
  }

  @Override
  public Lease share(String key, String holder) {
    return () -> {};
  }

  @Override
  public List<String> sharers(String key) {
    return store.sharers(key);
  }

  @Override
  public void discardShares(String key) {
    throw refused("removing locks of", key);
  }

  @Override
  public String toString() {
    return store.toString();
  }

  private BarmanException refused(String doing, String key) {
    return new BarmanException(
        ErrorCode.REPOSITORY_UNWRITABLE,
        doing + " '" + key + "' in " + store
            + " is refused: the repository was opened to be read only",
        "leave out barman.readOnly for what writes to the repository");
  }
}
