package io.github.barman4j.repository;

import io.github.barman4j.BarmanException;
import io.github.barman4j.BlockHash;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.codec.Codec;
import io.github.barman4j.store.ObjectStore;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;

/** The manifest of one backup. Holds the index; reads single pages and keeps a few. Thread-safe. */
final class ManifestReader {
  /** One read of this size catches trailer and index of most manifests. */
  private static final int USUAL_END_BYTES = 64 << 10;

  private static final int KEPT_PAGES = 32;
  private static final int MAXIMUM_PAGE = 64 << 20;

  private final ObjectStore store;
  private final String object;
  private final RepositoryOptions options;
  private final ManifestFormat.Trailer trailer;
  private final List<ManifestFormat.Page> pages;
  private final Map<Integer, byte[]> kept = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Integer, byte[]> eldest) {
      return size() > KEPT_PAGES;
    }
  };

  private ManifestReader(
      ObjectStore store,
      String object,
      RepositoryOptions options,
      ManifestFormat.Trailer trailer,
      List<ManifestFormat.Page> pages) {
    this.store = store;
    this.object = object;
    this.options = options;
    this.trailer = trailer;
    this.pages = pages;
  }

  static ManifestReader open(
      ObjectStore store,
      ServerKeys keys,
      RepositoryOptions options,
      String backupId,
      BlockHash manifestHash) {
    String object = keys.manifest(backupId);
    try {
      return open(store, object, options, ManifestFormat.header(backupId), manifestHash);
    } catch (IntegrityException e) {
      throw e;
    } catch (BarmanException e) {
      throw Damage.ifMissing(e);
    }
  }

  private static ManifestReader open(
      ObjectStore store,
      String object,
      RepositoryOptions options,
      byte[] header,
      BlockHash manifestHash) {
    long size = store.size(object).orElseThrow(() -> Damage.in(object, "it is missing"));
    if (size < header.length + ManifestFormat.TRAILER_BYTES) {
      throw Damage.in(object, "it is too short for a manifest");
    }
    int usual = (int) Math.min(size, USUAL_END_BYTES);
    byte[] end = store.getFully(object, size - usual, usual);
    byte[] trailerBytes = Arrays.copyOfRange(end, usual - ManifestFormat.TRAILER_BYTES, usual);
    ManifestFormat.Trailer trailer = ManifestFormat.Trailer.decode(trailerBytes);
    long indexEnd = size - ManifestFormat.TRAILER_BYTES;
    if (trailer.indexOffset() < header.length
        || trailer.indexLength() < 0
        || trailer.indexOffset() + trailer.indexLength() != indexEnd) {
      throw Damage.in(object, "its trailer does not match its length");
    }
    int indexAt = usual - ManifestFormat.TRAILER_BYTES - trailer.indexLength();
    byte[] index = indexAt >= 0
        ? Arrays.copyOfRange(end, indexAt, indexAt + trailer.indexLength())
        : store.getFully(object, trailer.indexOffset(), trailer.indexLength());
    byte[] found = store.getFully(object, 0, header.length);
    if (!Arrays.equals(found, header)
        || !ManifestFormat.fits(trailerBytes, header, index)
        || !ManifestFormat.Trailer.hashOf(trailerBytes).equals(manifestHash)) {
      throw Damage.in(object, "its hash does not match that of the catalog");
    }
    return new ManifestReader(store, object, options, trailer, pages(object, trailer, index));
  }

  private static List<ManifestFormat.Page> pages(
      String object, ManifestFormat.Trailer trailer, byte[] index) {
    ByteBuffer buffer = ByteBuffer.wrap(index);
    List<ManifestFormat.Page> pages = new ArrayList<>();
    try {
      while (buffer.hasRemaining()) {
        pages.add(ManifestFormat.Page.decode(buffer));
      }
    } catch (BufferUnderflowException e) {
      throw Damage.in(object, "its index is malformed", e);
    }
    if (pages.size() != trailer.pages()) {
      throw Damage.in(object, "its index is incomplete");
    }
    for (ManifestFormat.Page page : pages) {
      if (page.offset() < 0
          || page.length() < 0
          || page.length() > trailer.indexOffset() - page.offset()
          || page.plainLength() < 0
          || page.plainLength() > MAXIMUM_PAGE) {
        throw Damage.in(object, "its index names a page that cannot be there");
      }
    }
    return List.copyOf(pages);
  }

  ManifestFormat.Trailer totals() {
    return trailer;
  }

  /** One page is read, if it was not read lately. */
  Optional<ManifestEntry> find(FileKind kind, String path) {
    byte[] key = ManifestRecord.key(kind, path);
    int low = 0;
    int high = pages.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (Arrays.compareUnsigned(pages.get(middle).firstKey(), key) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high < 0 ? Optional.empty() : findIn(keptPage(high), key);
  }

  private Optional<ManifestEntry> findIn(byte[] page, byte[] key) {
    for (int at = 0; at < page.length; at = next(page, at)) {
      if (ManifestRecord.compareKey(page, at + Integer.BYTES, key) == 0) {
        return Optional.of(entry(page, at));
      }
    }
    return Optional.empty();
  }

  /** All entries in order; each iterator reads the pages once, one at a time. */
  Iterable<ManifestEntry> entries() {
    return EntryIterator::new;
  }

  private final class EntryIterator implements Iterator<ManifestEntry> {
    private byte[] page = {};
    private int nextPage;
    private int at;

    @Override
    public boolean hasNext() {
      return at < page.length || nextPage < pages.size();
    }

    @Override
    public ManifestEntry next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      if (at == page.length) {
        page = page(nextPage);
        nextPage++;
        at = 0;
      }
      ManifestEntry entry = entry(page, at);
      at = ManifestReader.this.next(page, at);
      return entry;
    }
  }

  private byte[] keptPage(int number) {
    synchronized (kept) {
      byte[] page = kept.get(number);
      if (page != null) {
        return page;
      }
    }
    byte[] page = page(number);
    synchronized (kept) {
      kept.put(number, page);
    }
    return page;
  }

  private byte[] page(int number) {
    ManifestFormat.Page place = pages.get(number);
    byte[] stored;
    try {
      stored = store.getFully(object, place.offset(), place.length());
    } catch (BarmanException e) {
      throw Damage.ifMissing(e);
    }
    if (!BlockHash.of(stored).equals(place.stored())) {
      throw Damage.in(object, "the hash of page " + number + " does not match");
    }
    try {
      return Codec.decompress(place.codec(), stored, 0, stored.length, place.plainLength());
    } catch (IntegrityException e) {
      throw Damage.in(object, e.problem(), e);
    }
  }

  private ManifestEntry entry(byte[] page, int at) {
    int length = next(page, at) - at - Integer.BYTES;
    return ManifestRecord.decode(object, page, at + Integer.BYTES, length, options);
  }

  /** Where the entry after the one at {@code at} begins. */
  private int next(byte[] page, int at) {
    if (at > page.length - Integer.BYTES) {
      throw Damage.in(object, "a page ends within an entry");
    }
    int length = ByteBuffer.wrap(page, at, Integer.BYTES).getInt();
    if (length < Short.BYTES + 2 || length > page.length - at - Integer.BYTES) {
      throw Damage.in(object, "an entry has an impossible length");
    }
    return at + Integer.BYTES + length;
  }
}
