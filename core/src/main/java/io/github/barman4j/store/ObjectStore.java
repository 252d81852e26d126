package io.github.barman4j.store;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Objects by key. Thread-safe.
 *
 * <p>Keys are checked ({@link ObjectKey}). Reading an object that is not there fails with code OBJECT_MISSING; whatever the
 * machine or the network refuses fails with REPOSITORY_UNWRITABLE or REPOSITORY_IO.
 */
public interface ObjectStore {

  /**
   * Writes a small object durably unless the key is taken.
   *
   * @return false when it is; nothing was changed then
   */
  boolean putIfAbsent(String key, byte[] content);

  /** Begins an object; the caller closes the upload. Any number may be open. */
  Upload upload(String key);

  /** The whole object, at most 2³¹-1 bytes. */
  byte[] get(String key);

  /**
   * A range of an object: as many bytes as there are, fewer than {@code length} only at the object's end.
   *
   * @param offset at least 0; beyond the end there is nothing
   */
  byte[] get(String key, long offset, int length);

  /** The whole object as a stream, which the caller closes; its failures are {@link java.io.IOException}s. */
  InputStream open(String key);

  /** The length in bytes; empty when there is no such object. */
  OptionalLong size(String key);

  /** The keys that begin with a text, sorted. A prefix need not end at a {@code /}. */
  List<String> list(String prefix);

  /** Deletes an object, if it is there, durably. */
  void delete(String key);

  /**
   * Removes what uploads of processes that died have left below a prefix that ends with {@code /} or is empty, or, for the key of an
   * object, beside that object. Uploads of processes that live, this one too, are left alone.
   */
  void discardUnfinished(String prefix);

  /**
   * Takes a lease unless somebody holds it, in this process or another; it ends when it is closed or its process dies.
   *
   * @param holder one line for others to read: who, and since when
   */
  Optional<Lease> tryLease(String key, String holder);

  /** Who holds a lease: the text that was given when it was taken; empty when nobody does. Never disturbs who takes it. */
  Optional<String> leaseHolder(String key);

  /**
   * Takes a lease that any number hold at once, in this process and in others; it ends when it is closed or its process dies.
   *
   * @param holder one line for others to read: who, and since when
   */
  Lease share(String key, String holder);

  /** Who holds shares of a key: the texts that were given; empty when nobody does. */
  List<String> sharers(String key);

  /** Removes what holders of shares that died have left; shares that are held stay. */
  void discardShares(String key);

  /** The bytes of a range that must be there as a whole. */
  default byte[] getFully(String key, long offset, int length) {
    byte[] bytes = get(key, offset, length);
    if (bytes.length != length) {
      throw StoreFailure.tooShort(key, offset, length, bytes.length);
    }
    return bytes;
  }

  /** Whether an exception says that an object is not there. */
  static boolean isMissing(BarmanException e) {
    return e.code() == ErrorCode.OBJECT_MISSING;
  }
}
