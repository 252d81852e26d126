package io.github.barman4j.repository;

import io.github.barman4j.store.ObjectStore;
import java.util.List;
import java.util.Locale;

/** Where the objects of one server are. */
record ServerKeys(String server) {
  static final String REPOSITORY = "repository.json";

  /** Held by who replaces {@link #REPOSITORY}. */
  static final String REPOSITORY_LOCK = "repository";

  String of(String relative) {
    return server + "/" + relative;
  }

  /** What {@link #of} was given. */
  String relative(String key) {
    return key.substring(server.length() + 1);
  }

  String identity() {
    return of("server.json");
  }

  String lock(String purpose) {
    return of("locks/" + purpose);
  }

  /** What those who read a backup hold shares of. */
  String use(String backupId) {
    return of("locks/use/" + backupId);
  }

  String catalogEntry(String backupId) {
    return of("backups/" + backupId + ".json");
  }

  String manifest(String backupId) {
    return of("manifests/" + backupId);
  }

  String pack(long packId) {
    String name = PackId.text(packId);
    return of("packs/" + name.substring(0, 2) + "/" + name);
  }

  /** Ids of all packs that are there. */
  List<String> packIds(ObjectStore store) {
    return store.list(of("packs/")).stream()
        .map(key -> key.substring(key.lastIndexOf('/') + 1))
        .filter(PackId::isOne)
        .toList();
  }

  /** What the keys of all packs that a backup has written begin with; packs of another may begin so too. */
  String packsOf(String backupId) {
    String name = String.format(Locale.ROOT, "%010x", PackId.tagOf(backupId));
    return of("packs/" + name.substring(0, 2) + "/" + name);
  }

  String unfinishedPrefix() {
    return of("unfinished/");
  }

  String unfinished(String backupId) {
    return unfinishedPrefix() + backupId;
  }

  /** The n-th sorted run of manifest entries of a backup in the making. */
  String scratch(String backupId, int number) {
    return unfinished(backupId) + "." + number;
  }

  /** Lists keys relative to the server. */
  List<String> list(ObjectStore store, String prefix) {
    String start = server + "/";
    return store.list(start + prefix).stream()
        .map(key -> key.substring(start.length()))
        .toList();
  }
}
