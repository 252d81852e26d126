package io.github.barman4j.verify;

/**
 * What to verify.
 *
 * @param selector {@link #ALL}, or what the catalog understands: an id, the beginning of one, a name, {@code latest} or {@code oldest}
 * @param mark whether the outcome is noted beside each backup, where restores and lists look for it
 */
public record VerifyRequest(String selector, boolean mark) {
  /** The word for every backup of the server. */
  public static final String ALL = "all";

  /** With marks. */
  public static VerifyRequest of(String selector) {
    return new VerifyRequest(selector, true);
  }

  /** Every backup and all of the log, also what no backup can use; with marks. */
  public static VerifyRequest all() {
    return of(ALL);
  }

  /** Writes nothing. */
  public VerifyRequest withoutMarks() {
    return new VerifyRequest(selector, false);
  }
}
