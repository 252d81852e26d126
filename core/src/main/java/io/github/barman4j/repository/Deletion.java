package io.github.barman4j.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.barman4j.store.ObjectStore;
import java.util.Collection;
import java.util.List;

/**
 * Removes a backup and what only it needed. Its caller holds the lock of backups.
 *
 * <p>First a note of what is to go is made durable, then the catalog entry is deleted: from that moment the backup does not exist. The rest is
 * deleted after that, the note last. A note whose entry is there belongs to a deletion that has not begun, one without an entry to a deletion
 * that was interrupted. It stays true however late it is followed: no entry listed those packs, so no later backup can have referred to them.
 */
final class Deletion {
  private static final String NOTES = "deleting/";

  private final ObjectStore store;
  private final ServerKeys keys;
  private final SealedObjects objects;

  Deletion(ObjectStore store, ServerKeys keys, SealedObjects objects) {
    this.store = store;
    this.keys = keys;
    this.objects = objects;
  }

  /**
   * Makes the backup vanish, durably.
   *
   * @param doomed keys of what only it needed, relative to the server; its manifest and marks are not among them
   */
  void begin(String backupId, Collection<String> doomed) {
    objects.put(NOTES + backupId, String.join("\n", doomed).getBytes(UTF_8));
    store.delete(keys.catalogEntry(backupId));
  }

  /**
   * Removes what is left of a backup that has vanished.
   *
   * @return how many bytes were freed
   */
  long finish(String backupId) {
    long freed = 0;
    for (String mark : objects.list("marks/" + backupId + "/")) {
      freed += remove(keys.of(mark));
    }
    freed += remove(keys.manifest(backupId));
    for (String doomed : new String(objects.get(NOTES + backupId), UTF_8).split("\n")) {
      if (doomed.startsWith("packs/") || doomed.startsWith("wal/")) {
        freed += remove(keys.of(doomed));
      }
      String pack = doomed.substring(doomed.lastIndexOf('/') + 1);
      if (doomed.startsWith("packs/") && PackId.isOne(pack)) {
        for (String healed : objects.list(HealedBlocks.prefix(PackId.parse(pack)))) {
          freed += remove(keys.of(healed));
        }
      }
    }
    store.discardShares(keys.use(backupId));
    objects.delete(NOTES + backupId);
    return freed;
  }

  /** Ends what interrupted deletions have left. */
  void finishAll() {
    store.discardUnfinished(keys.of(NOTES));
    List<String> notes = objects.list(NOTES);
    for (String note : notes) {
      String backupId = note.substring(NOTES.length());
      if (store.size(keys.catalogEntry(backupId)).isPresent()) {
        objects.delete(note);
      } else {
        finish(backupId);
      }
    }
  }

  private long remove(String object) {
    long size = store.size(object).orElse(0);
    store.delete(object);
    return size;
  }
}
