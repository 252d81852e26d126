package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Timeline;

/** Which line of history a restore follows (manual, section 20.5.5, recovery_target_timeline). */
public sealed interface TargetTimeline {

  /** The newest that the archive knows and that the backup belongs to. */
  record Latest() implements TargetTimeline {}

  /** The backup's own. */
  record Current() implements TargetTimeline {}

  /** This one. */
  record Exactly(Timeline timeline) implements TargetTimeline {}

  /** @throws BarmanException (TARGET_INVALID) unless the text is latest, current or a decimal number from 1 */
  static TargetTimeline parse(String text) {
    if (text.equals("latest")) {
      return new Latest();
    }
    if (text.equals("current")) {
      return new Current();
    }
    if (text.matches("[1-9][0-9]{0,8}")) {
      return new Exactly(new Timeline(Integer.parseInt(text)));
    }
    throw new BarmanException(
        ErrorCode.TARGET_INVALID,
        "'" + text + "' is no timeline",
        "barman.targetTimeline is latest, current or the timeline's decimal number.");
  }
}
