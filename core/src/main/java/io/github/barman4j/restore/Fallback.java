package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.catalog.BackupId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one restore goes on with when a backup turns out to be damaged: the next older one that serves. Says so each time. Used by one
 * thread.
 */
final class Fallback {
  private static final String HINT =
      "verify-backup tells what else is damaged; take a new backup as soon as the restored server runs.";

  private final RestoreRequest request;
  private final RestorePlanner planner;
  private final EventSink events;
  private final Map<BackupId, String> damaged = new LinkedHashMap<>();
  private final List<String> sentences;
  private @Nullable Occupant found;
  private RestorePlan plan;

  /** @param first its own fallbacks are said here, too */
  Fallback(RestorePlan first, RestoreRequest request, RestorePlanner planner, EventSink events) {
    this.request = request;
    this.planner = planner;
    this.events = events;
    this.plan = first;
    this.sentences = new ArrayList<>(first.fallbacks());
    sentences.forEach(sentence -> events.warn(sentence, HINT));
  }

  /** What is to be restored now. */
  RestorePlan plan() {
    return plan;
  }

  /**
   * What the first attempt has found in the directory; what a later one finds is what the one before it has left.
   *
   * @param now what is there now; it is about to be written over
   */
  Occupant found(Occupant now) {
    Occupant first = found == null ? now : found;
    found = first;
    return first;
  }

  /** Whether an attempt has begun to write. */
  boolean hasBegun() {
    return found != null;
  }

  /** What was damaged and what was taken instead, in order. */
  List<String> sentences() {
    return List.copyOf(sentences);
  }

  /**
   * Makes another plan.
   *
   * @throws IntegrityException the damage itself when it is not of the backup but of the WAL, which every backup needs, or of a kind
   *     that no accident causes; RESTORE_BACKUP_DAMAGED when the user named the backup, or no other serves
   */
  void next(IntegrityException damage) {
    if (damage.code() != ErrorCode.REPOSITORY_DAMAGED) {
      throw damage;
    }
    BackupId id = plan.backup().id();
    if (request.backup().isPresent()) {
      throw new IntegrityException(
          ErrorCode.RESTORE_BACKUP_DAMAGED,
          "backup " + id + ", which was named, is damaged: " + damage.problem(),
          "leave barman.backup out, and the newest undamaged one is taken; " + request.directory()
              + " cannot be started on until a restore into it has ended.",
          damage);
    }
    damaged.put(id, damage.problem());
    RestorePlan other = replan(damage);
    String sentence = "backup " + id + " is damaged: " + damage.problem() + "; backup "
        + other.backup().id() + " is taken instead";
    sentences.add(sentence);
    events.warn(sentence, HINT);
    plan = other;
  }

  private RestorePlan replan(IntegrityException damage) {
    try {
      return planner.plan(request, damaged);
    } catch (BarmanException e) {
      String list = String.join(
          ", ",
          damaged.entrySet().stream()
              .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
              .toList());
      IntegrityException refusal = new IntegrityException(
          ErrorCode.RESTORE_BACKUP_DAMAGED,
          "damaged, and no other backup serves for " + request.target().describe() + ": " + list
              + "; without them: " + e.problem(),
          "heal the repository from a copy of it or from the live server and restore again; "
              + e.hint(),
          damage);
      refusal.addSuppressed(e);
      throw refusal;
    }
  }
}
