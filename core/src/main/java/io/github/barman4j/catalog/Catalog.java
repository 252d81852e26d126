package io.github.barman4j.catalog;

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

/** The backups of one server. Thread-safe; every call looks at the repository anew. */
public final class Catalog {
  private static final String PREFIX = "backups/";
  private static final String SUFFIX = ".json";

  private final String server;
  private final SealedDocuments documents;

  public Catalog(ServerRepository repository) {
    this.server = repository.name();
    this.documents = repository.documents();
  }

  /**
   * All backups, oldest first.
   *
   * @throws IntegrityException when an entry has changed since it was written
   */
  public List<Backup> list() {
    List<Backup> backups = new ArrayList<>();
    for (String key : documents.list(PREFIX)) {
      documents.find(key).ifPresent(json -> backups.add(read(key, json)));
    }
    backups.sort(Comparator.comparing(Backup::id));
    return List.copyOf(backups);
  }

  /** The ids of all backups, oldest first, also of those whose entries are damaged. */
  public List<BackupId> ids() {
    return documents.list(PREFIX).stream()
        .filter(key -> key.endsWith(SUFFIX))
        .map(key -> new BackupId(key.substring(PREFIX.length(), key.length() - SUFFIX.length())))
        .sorted()
        .toList();
  }

  /**
   * One backup.
   *
   * @throws BarmanException BACKUP_UNKNOWN when there is no such entry, an IntegrityException when it is damaged
   */
  public Backup get(BackupId id) {
    String key = PREFIX + id + SUFFIX;
    return documents
        .find(key)
        .map(json -> read(key, json))
        .orElseThrow(() -> new BarmanException(
            ErrorCode.BACKUP_UNKNOWN,
            "server '" + server + "' has no backup " + id,
            "list-backups shows the ids; was it deleted meanwhile?"));
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
   * @throws BarmanException BACKUP_UNKNOWN or BACKUP_AMBIGUOUS
   */
  public Backup find(String selector) {
    List<Backup> backups = list();
    if (backups.isEmpty()) {
      throw new BarmanException(
          ErrorCode.BACKUP_UNKNOWN,
          "there is no backup of server '" + server + "'",
          "take one with barman:backup, or look whether barman.repository and barman.server are right.");
    }
    return switch (selector) {
      case "latest" -> backups.get(backups.size() - 1);
      case "oldest" -> backups.get(0);
      default -> byIdOrName(backups, selector);
    };
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

  private Backup byIdOrName(List<Backup> backups, String selector) {
    Optional<Backup> named = backups.stream()
        .filter(backup -> backup.name().filter(selector::equals).isPresent())
        .findFirst();
    if (named.isPresent()) {
      return named.get();
    }
    List<Backup> matching = selector.isEmpty()
        ? List.of()
        : backups.stream()
            .filter(backup -> backup.id().value().startsWith(selector))
            .toList();
    if (matching.isEmpty()) {
      throw new BarmanException(
          ErrorCode.BACKUP_UNKNOWN,
          "server '" + server + "' has no backup '" + selector + "' among " + backups.size(),
          "list-backups shows ids and names; latest and oldest are words for two of them.");
    }
    if (matching.size() > 1) {
      throw new BarmanException(
          ErrorCode.BACKUP_AMBIGUOUS,
          "'" + selector + "' is the beginning of " + matching.size() + " backup ids, "
              + matching.get(0).id() + " and " + matching.get(1).id() + " among them",
          "write more of the id.");
    }
    return matching.get(0);
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
