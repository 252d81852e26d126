package io.github.barman4j.drill;

import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.health.ArchiveStatus;
import io.github.barman4j.report.Check;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/**
 * Whether a repository is afterwards what it was before: every file's size, time of change and inode. A repository that is in use
 * changes by itself, so whoever receives or backs up into it is named; without them every change is a finding.
 */
final class RepositoryWatch {
  private final Engine engine;
  private final Path root;
  private final TreeFingerprint before;
  private final TreeSet<String> others = new TreeSet<>();

  private RepositoryWatch(Engine engine) {
    this.engine = engine;
    this.root = engine.configuration().repository();
    look();
    this.before = fingerprint(root);
  }

  /** @throws io.github.barman4j.BarmanException when there is no such repository, or it cannot be opened */
  static RepositoryWatch begin(Engine engine) {
    return new RepositoryWatch(engine);
  }

  private void look() {
    engine.status(ReceiveRequest.DEFAULT_SLOT).archive().ifPresent(this::note);
  }

  private void note(ArchiveStatus status) {
    status.receiver().ifPresent(who -> others.add("a receiver, " + who));
    status.backupRunning().ifPresent(who -> others.add("a backup, " + who));
  }

  Check check() {
    look();
    List<String> changed = fingerprint(root).changesSince(before);
    int files = before.files().size();
    if (changed.isEmpty()) {
      return new Check(
          "repository",
          true,
          "opened to be read only; " + files + " files and folders, none of them changed");
    }
    if (others.isEmpty()) {
      return new Check(
          "repository",
          false,
          changed.size() + " of " + files
              + " files and folders have changed, and nobody receives or backs up: "
              + String.join(", ", changed.subList(0, Math.min(5, changed.size()))));
    }
    return new Check(
        "repository",
        true,
        "opened to be read only; " + changed.size() + " of " + files
            + " files and folders have changed, at which others work: "
            + String.join("; ", others));
  }

  private static TreeFingerprint fingerprint(Path root) {
    try {
      return TreeFingerprint.of(root);
    } catch (IOException e) {
      throw Failures.unreadable(root, e);
    }
  }
}
