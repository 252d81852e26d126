package io.github.barman4j.store;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Objects on the heap, and how many bytes were read of them. */
public final class InMemoryObjectStore implements ObjectStore {
  private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();
  private final Map<String, String> leases = new ConcurrentHashMap<>();
  private final Map<String, List<String>> shares = new ConcurrentHashMap<>();
  private final AtomicLong bytesRead = new AtomicLong();
  private final AtomicLong reads = new AtomicLong();

  public long bytesRead() {
    return bytesRead.get();
  }

  public long reads() {
    return reads.get();
  }

  public long totalBytes() {
    return objects.values().stream().mapToLong(content -> content.length).sum();
  }

  /** All objects, copied. */
  public Map<String, byte[]> contents() {
    Map<String, byte[]> copy = new TreeMap<>();
    objects.forEach((key, content) -> copy.put(key, content.clone()));
    return copy;
  }

  /** Changes an object behind everybody's back. */
  public void overwrite(String key, byte[] content) {
    objects.put(key, content.clone());
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    return objects.putIfAbsent(ObjectKey.check(key), content.clone()) == null;
  }

  @Override
  public Upload upload(String key) {
    ObjectKey.check(key);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    return new Upload() {
      @Override
      public OutputStream out() {
        return out;
      }

      @Override
      public void commit() {
        objects.put(key, out.toByteArray());
      }

      @Override
      public boolean commitIfAbsent() {
        return putIfAbsent(key, out.toByteArray());
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public byte[] get(String key) {
    return counted(content(key).clone());
  }

  @Override
  public byte[] get(String key, long offset, int length) {
    byte[] content = content(key);
    int from = (int) Math.min(offset, content.length);
    return counted(Arrays.copyOfRange(content, from, Math.min(content.length, from + length)));
  }

  @Override
  public InputStream open(String key) {
    return new ByteArrayInputStream(content(key));
  }

  @Override
  public OptionalLong size(String key) {
    byte[] content = objects.get(ObjectKey.check(key));
    return content == null ? OptionalLong.empty() : OptionalLong.of(content.length);
  }

  @Override
  public List<String> list(String prefix) {
    ObjectKey.checkPrefix(prefix);
    return objects.keySet().stream().filter(key -> key.startsWith(prefix)).toList();
  }

  @Override
  public void delete(String key) {
    objects.remove(ObjectKey.check(key));
  }

  @Override
  public void discardUnfinished(String prefix) {
    ObjectKey.checkPrefix(prefix);
  }

  @Override
  public Optional<Lease> tryLease(String key, String holder) {
    if (leases.putIfAbsent(ObjectKey.check(key), holder) != null) {
      return Optional.empty();
    }
    return Optional.of(() -> leases.remove(key, holder));
  }

  @Override
  public Optional<String> leaseHolder(String key) {
    return Optional.ofNullable(leases.get(ObjectKey.check(key)));
  }

  @Override
  public Lease share(String key, String holder) {
    List<String> holders =
        shares.computeIfAbsent(ObjectKey.check(key), any -> new CopyOnWriteArrayList<>());
    holders.add(holder);
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (closed.compareAndSet(false, true)) {
        holders.remove(holder);
      }
    };
  }

  @Override
  public List<String> sharers(String key) {
    return List.copyOf(shares.getOrDefault(ObjectKey.check(key), List.of()));
  }

  @Override
  public void discardShares(String key) {
    ObjectKey.check(key);
  }

  private byte[] content(String key) {
    byte[] content = objects.get(ObjectKey.check(key));
    if (content == null) {
      throw StoreFailure.missing(key, "memory", null);
    }
    return content;
  }

  private byte[] counted(byte[] bytes) {
    reads.incrementAndGet();
    bytesRead.addAndGet(bytes.length);
    return bytes;
  }
}
