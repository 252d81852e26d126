package io.github.barman4j.protocol;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.util.List;
import java.util.Locale;

/**
 * pgjdbc's {@code targetServerType}, decided by us: pgjdbc asks with SQL, which a replication connection does not know.
 *
 * @param first whether a standby, a primary or either is looked for
 * @param thenAny whether another one will do when none is found
 */
record ServerRole(Wanted first, boolean thenAny) {

  enum Wanted {
    ANY,
    PRIMARY,
    STANDBY;

    boolean accepts(boolean standby) {
      return this == ANY || (this == STANDBY) == standby;
    }
  }

  /** What to look for, one after the other. */
  List<Wanted> passes() {
    return thenAny ? List.of(first, Wanted.ANY) : List.of(first);
  }

  static ServerRole parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "any" -> new ServerRole(Wanted.ANY, false);
      case "primary", "master" -> new ServerRole(Wanted.PRIMARY, false);
      case "secondary", "slave" -> new ServerRole(Wanted.STANDBY, false);
      case "preferprimary" -> new ServerRole(Wanted.PRIMARY, true);
      case "prefersecondary", "preferslave" -> new ServerRole(Wanted.STANDBY, true);
      default ->
        throw new BarmanException(
            ErrorCode.INVALID_CONFIGURATION,
            "targetServerType '" + text + "' is unknown",
            "choose any, primary, secondary, preferPrimary or preferSecondary.");
    };
  }
}
