package io.github.barman4j.repository;

import io.github.barman4j.store.ObjectStore;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What backups that did not reach the catalog have left. Its caller holds the lock of backups. */
final class Leftovers {
  private static final List<String> DIRECTORIES =
      List.of("packs/", "manifests/", "unfinished/", "backups/", "marks/", "wal/");

  private final ObjectStore store;
  private final ServerKeys keys;

  Leftovers(ObjectStore store, ServerKeys keys) {
    this.store = store;
    this.keys = keys;
  }

  /** Marks a backup as begun, so that its packs can be found if it never ends. */
  void mark(String backupId, SealedObjects objects) {
    objects.put(keys.relative(keys.unfinished(backupId)), new byte[0]);
  }

  /** Removes everything of every backup that is marked and not in the catalog. */
  void removeAll() {
    for (String directory : DIRECTORIES) {
      store.discardUnfinished(keys.of(directory));
    }
    store.discardUnfinished(keys.identity());
    Set<String> marked = new TreeSet<>();
    for (String key : store.list(keys.unfinishedPrefix())) {
      String name = key.substring(keys.unfinishedPrefix().length());
      int dot = name.indexOf('.');
      marked.add(dot < 0 ? name : name.substring(0, dot));
    }
    for (String backupId : marked) {
      if (store.size(keys.catalogEntry(backupId)).isPresent()) {
        unmark(backupId);
      } else {
        discard(backupId);
      }
    }
  }

  /** Removes a backup that is not in the catalog: its mark last. */
  void discard(String backupId) {
    for (String object : store.list(keys.packsOf(backupId))) {
      if (PackFormat.isOf(backupId, PackFormat.readStart(store, object))) {
        store.delete(object);
      }
    }
    store.list(keys.of("marks/" + backupId + "/")).forEach(store::delete);
    store.delete(keys.manifest(backupId));
    unmark(backupId);
  }

  /** Removes scratch and mark of a backup that is in the catalog. */
  void unmark(String backupId) {
    String mark = keys.unfinished(backupId);
    for (String scratch : store.list(mark + ".")) {
      store.delete(scratch);
    }
    store.delete(mark);
  }
}
