package io.github.barman4j.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A store whose n-th operation fails, and every later one: as a disk does that is full, or a process that was killed. Operations
 * are puts, begins, writes and commits of uploads, reads and deletes. What is half written then stays so. One operation happens
 * at a time, so that none which came before the failing one is still at work after it.
 */
public final class FailingObjectStore implements ObjectStore {
  private final ObjectStore store;
  private final int failAt;
  private final AtomicInteger operations = new AtomicInteger();

  /** @param failAt from 1; 0 never fails and only counts */
  public FailingObjectStore(ObjectStore store, int failAt) {
    this.store = store;
    this.failAt = failAt;
  }

  public int operations() {
    return operations.get();
  }

  private void step(String key) {
    try {
      stepOrThrow();
    } catch (IOException e) {
      throw StoreFailure.writing(key, "a failing store", e);
    }
  }

  private void stepOrThrow() throws IOException {
    if (operations.incrementAndGet() >= failAt && failAt > 0) {
      throw new IOException("no space left on device");
    }
  }

  @Override
  public synchronized boolean putIfAbsent(String key, byte[] content) {
    step(key);
    return store.putIfAbsent(key, content);
  }

  @Override
  public synchronized Upload upload(String key) {
    step(key);
    Upload upload = store.upload(key);
    OutputStream out = new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        synchronized (FailingObjectStore.this) {
          stepOrThrow();
          upload.out().write(b);
        }
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        synchronized (FailingObjectStore.this) {
          stepOrThrow();
          upload.out().write(bytes, offset, length);
        }
      }
    };
    return new Upload() {
      @Override
      public OutputStream out() {
        return out;
      }

      @Override
      public void commit() {
        synchronized (FailingObjectStore.this) {
          step(key);
          upload.commit();
        }
      }

      @Override
      public boolean commitIfAbsent() {
        synchronized (FailingObjectStore.this) {
          step(key);
          return upload.commitIfAbsent();
        }
      }

      @Override
      public void close() {
        synchronized (FailingObjectStore.this) {
          if (failAt == 0 || operations.get() < failAt) {
            upload.close();
          }
        }
      }
    };
  }

  @Override
  public synchronized byte[] get(String key) {
    step(key);
    return store.get(key);
  }

  @Override
  public synchronized byte[] get(String key, long offset, int length) {
    step(key);
    return store.get(key, offset, length);
  }

  @Override
  public synchronized InputStream open(String key) {
    step(key);
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
  public synchronized void delete(String key) {
    step(key);
    store.delete(key);
  }

  @Override
  public void discardUnfinished(String prefix) {
    store.discardUnfinished(prefix);
  }

  @Override
  public Optional<Lease> tryLease(String key, String holder) {
    return store.tryLease(key, holder);
  }

  @Override
  public Optional<String> leaseHolder(String key) {
    return store.leaseHolder(key);
  }

  @Override
  public Lease share(String key, String holder) {
    return store.share(key, holder);
  }

  @Override
  public List<String> sharers(String key) {
    return store.sharers(key);
  }

  @Override
  public void discardShares(String key) {
    store.discardShares(key);
  }
}
