package io.github.barman4j.catalog;

import static java.util.stream.Collectors.toSet;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.repository.SealedDocuments;
import io.github.barman4j.repository.ServerRepository;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The backups of one server. Thread-safe; every call looks at the repository anew. */
public final class Catalog {
  private static final String PREFIX = "backups/";
  private static final String SUFFIX = ".json";
  private static final String MANIFESTS = "manifests/";

  private final String server;
  private final SealedDocuments documents;

  public Catalog(ServerRepository repository) {
    this.server = repository.name();
    this.documents = repository.documents();
  }

  /** All entries, those that are damaged apart. */
  public CatalogEntries entries() {
    List<Backup> backups = new ArrayList<>();
    List<DamagedEntry> damaged = new ArrayList<>();
    for (BackupId id : ids()) {
      try {
        find(id).ifPresent(backups::add);
      } catch (IntegrityException e) {
        damaged.add(DamagedEntry.of(id, e));
      }
    }
    return new CatalogEntries(backups, damaged);
  }

  /**
   * All backups, oldest first, for who must not miss one.
   *
   * @throws IntegrityException when an entry has changed since it was written
   */
  public List<Backup> list() {
    CatalogEntries entries = entries();
    if (!entries.damaged().isEmpty()) {
      throw entries.damaged().get(0).failure();
    }
    return entries.backups();
  }

  /** The ids of all backups, oldest first, also of those whose entries are damaged. */
  public List<BackupId> ids() {
    return names(PREFIX, SUFFIX)
        .filter(BackupId::isOne)
        .map(BackupId::new)
        .sorted()
        .toList();
  }

  /** Keys of what lies among the entries and is none, by its name. */
  public List<String> strays() {
    Set<String> known = ids().stream().map(id -> PREFIX + id + SUFFIX).collect(toSet());
    return documents.list(PREFIX).stream().filter(key -> !known.contains(key)).toList();
  }

  /** The ids of backups that are there without their entries, though they are neither being taken nor deleted. */
  public List<BackupId> withoutEntry() {
    List<BackupId> known = ids();
    return names(MANIFESTS, "")
        .filter(BackupId::isOne)
        .map(BackupId::new)
        .filter(id -> !known.contains(id)
            && documents.list("unfinished/" + id).isEmpty()
            && documents.list("deleting/" + id).isEmpty())
        .toList();
  }

  private Stream<String> names(String prefix, String suffix) {
    return documents.list(prefix).stream()
        .filter(key -> key.endsWith(suffix))
        .map(key -> key.substring(prefix.length(), key.length() - suffix.length()));
  }

  /**
   * One backup.
   *
   * @throws BarmanException BACKUP_UNKNOWN when there is no such entry, an IntegrityException when it is damaged
   */
  public Backup get(BackupId id) {
    try {
      return find(id)
          .orElseThrow(() -> new BarmanException(
              ErrorCode.BACKUP_UNKNOWN,
              "server '" + server + "' has no backup " + id,
              "list-backups shows the ids; was it deleted meanwhile?"));
    } catch (IntegrityException e) {
      throw DamagedEntry.of(id, e).failure();
    }
  }

  private Optional<Backup> find(BackupId id) {
    String key = PREFIX + id + SUFFIX;
    return documents.find(key).map(json -> read(key, json));
  }

  /**
   * Makes a backup exist, durably. Everything that it needs must be durable before.
   *
   * @throws BarmanException (BACKUP_EXISTS) when there is an entry of this id
   */
  public void commit(Backup backup) {
    if (!documents.putIfAbsent(PREFIX + backup.id() + SUFFIX, BackupJson.write(backup))) {
      throw new BarmanException(
          ErrorCode.BACKUP_EXISTS,
          "there is a backup " + backup.id() + " of server '" + server + "' already",
          "take the backup again: it gets another id.");
    }
  }

  /**
   * Makes a backup exist that was bad already when it was taken: there is no moment at which it is there without its mark.
   *
   * @throws BarmanException (BACKUP_EXISTS) when there is an entry of this id
   */
  public void commitDamaged(Backup backup, Mark.Damaged damage) {
    String mark = MarkJson.key(backup.id(), damage);
    documents.putIfAbsent(mark, MarkJson.write(backup.id(), damage));
    try {
      commit(backup);
    } catch (RuntimeException e) {
      try {
        documents.delete(mark);
      } catch (RuntimeException failure) {
        e.addSuppressed(failure);
      }
      throw e;
    }
  }

  /**
   * The one backup that a user's word means: {@code latest}, {@code oldest}, an id, the beginning of one id, or a name.
   *
   * @throws BarmanException BACKUP_UNKNOWN or BACKUP_AMBIGUOUS, an IntegrityException when its entry is damaged
   */
  public Backup find(String selector) {
    return get(idOf(selector));
  }

  /**
   * The id that a user's word means, as in {@link #find}, whether its entry is damaged or not. The names that are in damaged entries are not
   * known.
   *
   * @throws BarmanException BACKUP_UNKNOWN or BACKUP_AMBIGUOUS
   */
  public BackupId idOf(String selector) {
    return new Selection(server, entries()).of(selector);
  }

  /**
   * Notes durably what was found out about a backup. A mark that would not be newer than those before it, as the clock was set back, gets the
   * nanosecond after the newest.
   *
   * @return the mark as it is stored
   * @throws BarmanException (BACKUP_UNKNOWN) when there is no such backup
   */
  public Mark mark(BackupId id, Mark mark) {
    requireKnown(id);
    Mark stored = mark;
    do {
      List<Mark> earlier = marks(id);
      if (!earlier.isEmpty()) {
        Instant newest = earlier.get(earlier.size() - 1).at();
        stored = stored.at().isAfter(newest) ? stored : at(newest.plusNanos(1), mark);
      }
    } while (!documents.putIfAbsent(MarkJson.key(id, stored), MarkJson.write(id, stored)));
    return stored;
  }

  /**
   * What was found out about a backup, oldest first; nothing for a backup that is not there.
   *
   * @throws IntegrityException when a mark has changed since it was written
   */
  public List<Mark> marks(BackupId id) {
    List<Mark> marks = new ArrayList<>();
    for (String key : documents.list(MarkJson.prefix(id))) {
      documents
          .find(key)
          .ifPresent(json -> marks.add(MarkJson.read(id, key, documents.objectName(key), json)));
    }
    marks.sort(Comparator.comparing(Mark::at));
    return List.copyOf(marks);
  }

  /** What is known to be damaged: all that was found since a verification has last found the backup whole. */
  public List<DamagedFile> damage(BackupId id) {
    List<DamagedFile> files = new ArrayList<>();
    for (Mark mark : marks(id)) {
      if (mark instanceof Mark.Damaged damaged) {
        files.addAll(damaged.files());
      } else {
        files.clear();
      }
    }
    return List.copyOf(files);
  }

  /** Whether damage was found and no verification after it says that the backup is whole. */
  public boolean isDamaged(BackupId id) {
    Optional<Instant> damaged = newest(id, Mark.Damaged.class);
    Optional<Instant> verified = newest(id, Mark.Verified.class);
    return damaged
        .map(found -> verified.map(whole -> !whole.isAfter(found)).orElse(true))
        .orElse(false);
  }

  private Optional<Instant> newest(BackupId id, Class<? extends Mark> kind) {
    return marks(id).stream()
        .filter(kind::isInstance)
        .map(Mark::at)
        .reduce((older, newer) -> newer);
  }

  private static Mark at(Instant at, Mark mark) {
    if (mark instanceof Mark.Damaged damaged) {
      return new Mark.Damaged(at, damaged.foundBy(), damaged.files());
    }
    Mark.Verified verified = (Mark.Verified) mark;
    return new Mark.Verified(at, verified.blocks(), verified.bytes());
  }

  private void requireKnown(BackupId id) {
    if (documents.find(PREFIX + id + SUFFIX).isEmpty()) {
      throw new BarmanException(
          ErrorCode.BACKUP_UNKNOWN,
          "server '" + server + "' has no backup " + id + " that could be marked",
          "list-backups shows the ids; was it deleted meanwhile?");
    }
  }

  private Backup read(String key, byte[] json) {
    String object = documents.objectName(key);
    Backup backup = BackupJson.read(object, json);
    if (!key.equals(PREFIX + backup.id() + SUFFIX)) {
      throw new IntegrityException(
          ErrorCode.REPOSITORY_DAMAGED,
          "the catalog entry " + object + " is that of backup " + backup.id(),
          "an entry was copied or renamed; restore the object from a copy of the repository.");
    }
    return backup;
  }
}
