package io.github.barman4j.repository;

import io.github.barman4j.store.Lease;
import io.github.barman4j.store.ObjectStore;
import io.github.barman4j.store.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A store in which every object is encrypted, each with a key of its own ({@link Envelope}). What it gives out has been authenticated. Names,
 * sizes and leases are those of the store below. Thread-safe.
 */
final class EncryptedStore implements ObjectStore {
  /** How many segments are read at once, at most: 8 MiB. */
  private static final int SEGMENTS_AT_ONCE = 256;

  private final ObjectStore store;
  private final DataKey key;
  private final SecureRandom random;

  EncryptedStore(ObjectStore store, DataKey key, SecureRandom random) {
    this.store = store;
    this.key = key;
    this.random = random;
  }

  @Override
  public boolean putIfAbsent(String object, byte[] content) {
    try (Upload upload = upload(object)) {
      upload.out().write(content);
      return upload.commitIfAbsent();
    } catch (IOException e) {
      throw StreamFailure.writing(object, e);
    }
  }

  @Override
  public Upload upload(String object) {
    return new EncryptedUpload(object, store.upload(object), Envelope.create(key, object, random));
  }

  @Override
  public byte[] get(String object) {
    try (InputStream in = open(object)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw StreamFailure.reading(object, e);
    }
  }

  /** The header, and the segments that have the range. */
  @Override
  public byte[] get(String object, long offset, int length) {
    Envelope envelope = Envelope.open(key, object, store.get(object, 0, Envelope.HEADER_BYTES));
    long storedSize = store.size(object).orElse(0);
    long available = Envelope.plainSize(storedSize) - offset;
    byte[] range = new byte[(int) Math.max(0, Math.min(length, available))];
    byte[] plain = new byte[Envelope.SEGMENT_BYTES];
    byte[] stored = {};
    long storedFrom = 0;
    int done = 0;
    while (done < range.length) {
      long number = (offset + done) / Envelope.SEGMENT_BYTES;
      int at = (int) (Envelope.placeOf(number) - storedFrom);
      if (at < 0 || at >= stored.length) {
        storedFrom = Envelope.placeOf(number);
        stored = store.get(object, storedFrom, bytesToRead(number, offset + range.length));
        at = 0;
      }
      int segment = Math.min(Envelope.STORED_SEGMENT_BYTES, stored.length - at);
      boolean last = Envelope.placeOf(number + 1) >= storedSize;
      int opened = envelope.open(number, last, stored, at, segment, plain, 0);
      int from = (int) (offset + done - number * Envelope.SEGMENT_BYTES);
      int count = Math.min(opened - from, range.length - done);
      if (count <= 0) {
        throw Damage.in(object, "it ends early");
      }
      System.arraycopy(plain, from, range, done, count);
      done += count;
    }
    return range;
  }

  private static int bytesToRead(long first, long end) {
    long segments = (end - 1) / Envelope.SEGMENT_BYTES - first + 1;
    return (int) Math.min(segments, SEGMENTS_AT_ONCE) * Envelope.STORED_SEGMENT_BYTES;
  }

  @Override
  public InputStream open(String object) {
    InputStream raw = store.open(object);
    try {
      return new EncryptedInputStream(key, object, raw);
    } catch (IOException e) {
      throw closing(raw, StreamFailure.reading(object, e));
    } catch (RuntimeException e) {
      throw closing(raw, e);
    }
  }

  @Override
  public OptionalLong size(String object) {
    OptionalLong stored = store.size(object);
    return stored.isEmpty() ? stored : OptionalLong.of(Envelope.plainSize(stored.getAsLong()));
  }

  @Override
  public List<String> list(String prefix) {
    return store.list(prefix);
  }

  @Override
  public void delete(String object) {
    store.delete(object);
  }

  @Override
  public void discardUnfinished(String prefix) {
    store.discardUnfinished(prefix);
  }

  @Override
  public Optional<Lease> tryLease(String object, String holder) {
    return store.tryLease(object, holder);
  }

  @Override
  public Optional<String> leaseHolder(String object) {
    return store.leaseHolder(object);
  }

  @Override
  public Lease share(String object, String holder) {
    return store.share(object, holder);
  }

  @Override
  public List<String> sharers(String object) {
    return store.sharers(object);
  }

  @Override
  public void discardShares(String object) {
    store.discardShares(object);
  }

  @Override
  public String toString() {
    return store.toString();
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
