package io.github.barman4j;

import java.time.Duration;
import java.util.Optional;

/** What the engine tells a front end while it works. The engine itself writes nowhere. */
public sealed interface Event {

  /** A fact worth a line. */
  record Info(String text) implements Event {}

  /** Something that is not an error yet and that somebody should look at. */
  record Warning(String text, String hint) implements Event {}

  /** A phase of the work has ended. */
  record Step(String phase, Duration took) implements Event {}

  /**
   * How far a phase is.
   *
   * @param totalBytes -1 while it is not known
   * @param bytesPerSecond the mean since the phase began
   * @param left empty while it cannot be told
   */
  record Progress(
      String phase, long doneBytes, long totalBytes, long bytesPerSecond, Optional<Duration> left)
      implements Event {}
}
