package io.github.barman4j.repository;

import io.github.barman4j.BarmanException;
import io.github.barman4j.codec.Compression;
import io.github.barman4j.store.ObjectStore;
import io.github.barman4j.store.Upload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Objects of one server with a hash over everything, and a few attributes that can be read alone. Keys are relative to the server.
 * Thread-safe.
 *
 * <p>Reading an object that is not there fails with code OBJECT_MISSING; bytes that have changed, or an object under another's key, are an
 * {@link io.github.barman4j.IntegrityException}.
 */
public final class SealedObjects {
  private static final byte[] NO_ATTRIBUTES = {};

  private final ObjectStore store;
  private final ServerKeys keys;
  private final Compression compression;

  SealedObjects(ObjectStore store, ServerKeys keys, Compression compression) {
    this.store = store;
    this.keys = keys;
    this.compression = compression;
  }

  /** Stores durably, replacing what was there. */
  public void put(String key, byte[] content) {
    put(key, NO_ATTRIBUTES, content);
  }

  public void put(String key, byte[] attributes, byte[] content) {
    try (SealedUpload upload = create(key, attributes)) {
      write(upload, key, content);
      upload.commit();
    }
  }

  /** @return false when the key is taken; nothing was changed then */
  public boolean putIfAbsent(String key, byte[] content) {
    return putIfAbsent(key, NO_ATTRIBUTES, content);
  }

  public boolean putIfAbsent(String key, byte[] attributes, byte[] content) {
    try (SealedUpload upload = create(key, attributes)) {
      write(upload, key, content);
      return upload.commitIfAbsent();
    }
  }

  /**
   * Begins an object of any size; the caller closes it, which without a commit leaves nothing.
   *
   * @param attributes at most 64 MiB; small ones cost one short read
   */
  public SealedUpload create(String key, byte[] attributes) {
    SealedHeader header = new SealedHeader(compression.id(), key, attributes);
    Upload upload = store.upload(keys.of(key));
    return new SealedUpload(keys.of(key), header, upload, compression);
  }

  /** The verified content, at most 2³¹-1 bytes. */
  public byte[] get(String key) {
    String object = keys.of(key);
    try (InputStream in =
        new SealedInputStream(object, key, new ByteArrayInputStream(store.get(object)))) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw StreamFailure.reading(object, e);
    }
  }

  /** Like {@link #get}, but empty when there is no such object. */
  public Optional<byte[]> find(String key) {
    try {
      return Optional.of(get(key));
    } catch (BarmanException e) {
      if (ObjectStore.isMissing(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * The content as a stream, which the caller closes. It gives out nothing that is not verified by a checksum, and fails before its end when
   * the hash over everything differs.
   */
  public InputStream open(String key) {
    String object = keys.of(key);
    InputStream raw = store.open(object);
    try {
      return new SealedInputStream(object, key, raw);
    } catch (IOException e) {
      throw closing(raw, StreamFailure.reading(object, e));
    } catch (RuntimeException e) {
      throw closing(raw, e);
    }
  }

  /** The verified attributes, by one short read; two when they are longer than about 4 KiB. */
  public byte[] attributes(String key) {
    String object = keys.of(key);
    byte[] start = store.get(object, 0, SealedHeader.USUAL_BYTES);
    int length = SealedHeader.lengthOf(object, start);
    if (length > start.length) {
      start = store.getFully(object, 0, length);
    }
    return SealedHeader.parse(object, key, start).attributes();
  }

  public boolean contains(String key) {
    return store.size(keys.of(key)).isPresent();
  }

  /** The length of the content, not verified; empty when there is no such object. */
  public OptionalLong size(String key) {
    String object = keys.of(key);
    OptionalLong stored = store.size(object);
    if (stored.isEmpty()) {
      return stored;
    }
    return OptionalLong.of(SealedHeader.contentLength(object, stored.getAsLong(), store));
  }

  /** How many bytes the object has in the store; empty when there is none. */
  public OptionalLong storedSize(String key) {
    return store.size(keys.of(key));
  }

  /** Keys that begin with a text, sorted. */
  public List<String> list(String prefix) {
    return keys.list(store, prefix);
  }

  /** Deletes durably; an absent object is no failure. */
  public void delete(String key) {
    store.delete(keys.of(key));
  }

  /**
   * Removes what uploads of processes that died have left below a prefix that ends with {@code /}.
   */
  public void discardUnfinished(String prefix) {
    store.discardUnfinished(keys.of(prefix));
  }

  private void write(SealedUpload upload, String key, byte[] content) {
    try {
      upload.out().write(content);
    } catch (IOException e) {
      throw StreamFailure.writing(keys.of(key), e);
    }
  }

  private static RuntimeException closing(InputStream raw, RuntimeException failure) {
    try {
      raw.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }
}
