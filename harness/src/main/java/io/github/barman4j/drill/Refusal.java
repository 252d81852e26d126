package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What came of an attempt that must be refused, and how long that took. A refusal that does not come, comes late, has another code or
 * does not name what it must is a check that failed.
 *
 * @param said the engine's words; null when it did not refuse
 */
record Refusal(@Nullable BarmanException said, Duration took) {
  private static final Duration LONGEST = Duration.ofMinutes(1);

  /**
   * Something that must not succeed.
   *
   * @param <E> what it throws that is no refusal
   */
  interface Attempt<E extends Exception> {
    void run() throws E;
  }

  static <E extends Exception> Refusal of(Attempt<E> attempt) throws E {
    long begin = System.nanoTime();
    BarmanException said = null;
    try {
      attempt.run();
    } catch (BarmanException e) {
      said = refusal(e);
    }
    return new Refusal(said, Duration.ofNanos(System.nanoTime() - begin));
  }

  private static BarmanException refusal(BarmanException said) {
    if (Failures.endsTheDrill(said)) {
      throw said;
    }
    return said;
  }

  /** The codes with which the engine refuses something; those of drills and of interrupted or broken programs are none. */
  static boolean isOfTheEngine(ErrorCode code) {
    return !code.name().startsWith("DRILL_")
        && code != ErrorCode.INTERRUPTED
        && code != ErrorCode.INTERNAL;
  }

  static Set<ErrorCode> requireOfTheEngine(List<ErrorCode> codes) {
    if (codes.isEmpty() || !codes.stream().allMatch(Refusal::isOfTheEngine)) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "a refusal with one of the codes " + codes + " says nothing of the engine",
          "name the code that the engine must refuse with, such as WAL_GAP");
    }
    return EnumSet.copyOf(codes);
  }

  /** Whether it was refused with one of these codes, within a minute. */
  Check check(String name, Set<ErrorCode> codes) {
    BarmanException refusal = said;
    ErrorCode code = refusal != null && codes.contains(refusal.code())
        ? refusal.code()
        : codes.iterator().next();
    return check(name, code, LONGEST, List.of());
  }

  /**
   * Whether it was refused as it must be.
   *
   * @param words that the problem or the hint must hold
   */
  Check check(String name, ErrorCode code, Duration atMost, List<String> words) {
    BarmanException refusal = said;
    if (refusal == null) {
      return new Check(name, false, "it was not refused");
    }
    String text = refusal.getMessage() == null ? "" : refusal.getMessage();
    Optional<String> absent =
        words.stream().filter(word -> !text.contains(word)).findFirst();
    if (refusal.code() != code) {
      return new Check(name, false, "not refused with " + code.code() + " but with " + text);
    }
    if (absent.isPresent()) {
      return new Check(name, false, "the refusal does not name '" + absent.get() + "': " + text);
    }
    if (took.compareTo(atMost) > 0) {
      return new Check(
          name, false, "refused after " + seconds(took) + ", later than " + seconds(atMost));
    }
    return new Check(name, true, "refused after " + seconds(took) + ": " + text);
  }

  /** The first moment that the hint names: the nearest that can be reached, or next to it. */
  Optional<Instant> namedTime() {
    return named("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z").map(Instant::parse);
  }

  /** The position that the hint names as a target. */
  Optional<Lsn> namedPosition() {
    return named("(?<=barman\\.targetLsn=)[0-9A-F]+/[0-9A-F]+").map(Lsn::parse);
  }

  private Optional<String> named(String pattern) {
    Matcher matcher = Pattern.compile(pattern).matcher(said == null ? "" : said.hint());
    return matcher.find() ? Optional.of(matcher.group()) : Optional.empty();
  }

  /** For the report. */
  Figure figure(String name) {
    return new Figure(name, took.toMillis());
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.2f s", duration.toNanos() / 1e9);
  }
}
