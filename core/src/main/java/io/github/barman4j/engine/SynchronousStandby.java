package io.github.barman4j.engine;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.protocol.ConnectionSettings;
import io.github.barman4j.server.PostgresServer;
import java.time.Duration;

/** Whether the server would count a receiver as a synchronous standby. */
final class SynchronousStandby {
  private SynchronousStandby() {}

  /**
   * Refuses a receiver that is asked to be synchronous and could not be.
   *
   * <p>The list may hold names, counts and {@code *} (manual, 19.6.2, synchronous_standby_names); a name is compared without
   * regard to case. With {@code remote_apply} a commit would wait for ever: a receiver replays nothing.
   */
  static void require(ConnectionSettings connection, String name, Duration connectTimeout) {
    try (PostgresServer server =
        PostgresServer.connect(connection, "barman_check", connectTimeout)) {
      String listed = server.facts().synchronousStandbyNames();
      if (!names(listed, name)) {
        throw new BarmanException(
            ErrorCode.PRECONDITION_FAILED,
            "synchronous_standby_names is '" + listed + "' and does not name '" + name + "'",
            "add the slot's name to synchronous_standby_names and reload, or leave out barman.synchronous");
      }
      if (server.synchronousCommit().equals("remote_apply")) {
        throw new BarmanException(
            ErrorCode.PRECONDITION_FAILED,
            "synchronous_commit is remote_apply, and a receiver applies nothing: every commit would wait for ever",
            "set synchronous_commit to on");
      }
    }
  }

  static boolean names(String list, String name) {
    for (String part :
        list.replaceAll("(?i)^\\s*(FIRST|ANY)?\\s*[0-9]*\\s*\\(|\\)\\s*$", "").split(",")) {
      String entry = part.trim();
      String plain = entry.startsWith("\"")
          ? entry.substring(1, entry.length() - 1).replace("\"\"", "\"")
          : entry;
      if (plain.equals("*") || plain.equalsIgnoreCase(name)) {
        return true;
      }
    }
    return false;
  }
}
