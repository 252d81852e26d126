package io.github.barman4j.wal;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.postgres.BlockReference;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Page;
import io.github.barman4j.postgres.RelationFile;
import io.github.barman4j.postgres.RelationFile.Fork;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalReader;
import io.github.barman4j.postgres.WalRecord;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.postgres.WalStop;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges the pages of a base backup, and tells damage from what a recovery makes good.
 *
 * <p>A page that is copied while the server writes it can be torn. That does no harm when the log from the backup's begin to its end
 * makes the page anew, from an image or from nothing, which replay does without a look at what was there. A page that does not pass and
 * that the log does not make anew is damage, whatever position stands in it: a garbled position proves nothing.
 *
 * <p>Pages of the free space map and of the visibility map are not always logged when they change; a server takes a bad one for an empty
 * one (freespace.c, fsm_readbuf, and visibilitymap.c, vm_readbuf, 15–18). They count as torn when a page of the relation changed that
 * they stand for.
 *
 * <p>Thread-safe while pages are judged.
 */
public final class SuspectPages {
  private static final int MOST = 10_000;

  /** Pages of the table that one page of the visibility map stands for (visibilitymap.c, HEAPBLOCKS_PER_PAGE). */
  private static final long TABLE_PAGES_OF_MAP_PAGE = (Page.SIZE - 24) * 4L;

  /**
   * A page that did not pass.
   *
   * @param page number in the file, from 0
   * @param lsn as it stands in the page, right or not
   */
  public record Suspect(String path, RelationFile file, long page, Lsn lsn, String problem) {}

  private record Place(long tablespace, long database, long relation, int fork, long block) {}

  private record Relation(long tablespace, long database, long relation) {}

  private final boolean checksums;
  private final int segmentPages;
  private final Map<Place, Suspect> suspects = new HashMap<>();
  private long tooMany;

  /**
   * @param checksums whether the cluster's pages carry checksums
   * @param segmentPages pages of a whole file of a large relation, 131072 unless the server was built otherwise
   */
  public SuspectPages(boolean checksums, int segmentPages) {
    this.checksums = checksums;
    this.segmentPages = segmentPages;
  }

  /**
   * Judges the whole pages in a piece of a file; what is left over at its end is no page.
   *
   * @param firstPage number in the file of the page at {@code from}
   * @return whether all of them have passed
   */
  public boolean judge(
      String path, RelationFile file, long firstPage, byte[] bytes, int from, int length) {
    boolean passed = true;
    for (int done = 0; done + Page.SIZE <= length; done += Page.SIZE) {
      long page = firstPage + done / Page.SIZE;
      long block = file.block(page, segmentPages);
      Optional<String> fault = Page.fault(bytes, from + done, block, checksums);
      if (fault.isPresent()) {
        Lsn lsn = Page.lsn(bytes, from + done);
        add(block, new Suspect(path, file, page, lsn, fault.get()));
        passed = false;
      }
    }
    return passed;
  }

  /** A number, never 0, for what {@link #judge} looks for: bytes that passed once pass again wherever it is the same. */
  public long judgedAs(RelationFile file, long firstPage) {
    return 2 * (file.block(firstPage, segmentPages) + 1) + (checksums ? 1 : 0);
  }

  private synchronized void add(long block, Suspect suspect) {
    if (suspects.size() == MOST) {
      tooMany++;
      return;
    }
    RelationFile file = suspect.file();
    suspects.put(
        new Place(
            file.tablespace(), file.database(), file.relation(), file.fork().ordinal(), block),
        suspect);
  }

  /** Whether every page has passed. */
  public synchronized boolean isEmpty() {
    return suspects.isEmpty();
  }

  /** How many pages are damaged besides those that {@link #damaged} tells, which are 10 000 at most. */
  public synchronized long notListed() {
    return tooMany;
  }

  /**
   * Reads the log and returns what it does not make good, by path and page.
   *
   * @param begin where the recovery of the backup begins
   * @param end where it is consistent
   */
  public synchronized List<Suspect> damaged(
      WalArchive archive, Timeline timeline, Lsn begin, Lsn end, WalSegmentSize size) {
    Map<Place, Suspect> left = new HashMap<>(suspects);
    if (!left.isEmpty()) {
      try {
        read(archive, timeline, begin, end, size, new Rewritten(left));
      } catch (IOException e) {
        throw new BarmanException(
            ErrorCode.IO,
            "reading the backup's WAL failed: " + e,
            "check the disk that holds the repository",
            e);
      }
    }
    List<Suspect> damaged = new ArrayList<>(left.values());
    damaged.sort(Comparator.comparing(Suspect::path).thenComparing(Suspect::page));
    return List.copyOf(damaged);
  }

  private static void read(
      WalArchive archive,
      Timeline timeline,
      Lsn begin,
      Lsn end,
      WalSegmentSize size,
      Rewritten rewritten)
      throws IOException {
    WalReader reader = null;
    WalSegment segment = WalSegment.containing(timeline, begin, size);
    for (; segment.start().isBefore(end); segment = segment.next()) {
      if (!archive.contains(segment)) {
        return;
      }
      try (InputStream in = archive.open(segment)) {
        reader = next(reader, in, segment, begin, rewritten);
        for (WalRecord record = reader.next(); record != null; record = reader.next()) {
          if (!record.start().isBefore(end)) {
            return;
          }
          rewritten.apply();
        }
      } catch (IntegrityException e) {
        // A damaged segment makes nothing good; that it is damaged is for who verifies the log to
        // say.
        return;
      }
      if (reader.stop().reason() != WalStop.Reason.END_OF_DATA) {
        return;
      }
    }
  }

  private static WalReader next(
      @Nullable WalReader reader,
      InputStream in,
      WalSegment segment,
      Lsn begin,
      Rewritten rewritten) {
    if (reader == null) {
      return WalReader.open(in, segment).observing(rewritten).from(begin);
    }
    reader.continueWith(in, segment.timeline());
    return reader;
  }

  /** Takes away what the records make good. */
  private static final class Rewritten implements WalReader.BlockObserver {
    private final Map<Place, Suspect> left;
    private final Set<Relation> withBadVisibility = new HashSet<>();
    private final Map<Relation, List<Place>> badFreeSpace = new HashMap<>();
    private final List<BlockReference> ofRecord = new ArrayList<>();
    private long databaseOfRecord;

    Rewritten(Map<Place, Suspect> left) {
      this.left = left;
      for (Place place : left.keySet()) {
        Relation relation = new Relation(place.tablespace(), place.database(), place.relation());
        if (place.fork() == Fork.VM.ordinal()) {
          withBadVisibility.add(relation);
        } else if (place.fork() == Fork.FSM.ordinal()) {
          badFreeSpace.computeIfAbsent(relation, of -> new ArrayList<>()).add(place);
        }
      }
    }

    @Override
    public void block(BlockReference reference) {
      ofRecord.add(reference);
    }

    @Override
    public void database(long oid) {
      databaseOfRecord = oid;
    }

    /** The record is one that replay reaches. */
    void apply() {
      for (BlockReference block : ofRecord) {
        if (block.rewrites()) {
          remove(block, block.fork(), block.block());
        }
        if (withBadVisibility.isEmpty() && badFreeSpace.isEmpty()) {
          continue;
        }
        Relation relation = relation(block);
        if (withBadVisibility.contains(relation)) {
          remove(block, Fork.VM.ordinal(), block.block() / TABLE_PAGES_OF_MAP_PAGE);
        }
        List<Place> freeSpace = badFreeSpace.remove(relation);
        if (freeSpace != null) {
          left.keySet().removeAll(freeSpace);
        }
      }
      ofRecord.clear();
      if (databaseOfRecord != 0) {
        long database = databaseOfRecord;
        left.keySet().removeIf(place -> place.database() == database);
        databaseOfRecord = 0;
      }
    }

    private static Relation relation(BlockReference block) {
      return new Relation(block.tablespace(), block.database(), block.relation());
    }

    private void remove(BlockReference block, int fork, long number) {
      left.remove(new Place(block.tablespace(), block.database(), block.relation(), fork, number));
    }
  }
}
