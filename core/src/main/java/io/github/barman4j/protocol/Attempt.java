package io.github.barman4j.protocol;

import static io.github.barman4j.ErrorCode.AUTHENTICATION_FAILED;
import static io.github.barman4j.ErrorCode.CONNECTION_REJECTED;
import static io.github.barman4j.ErrorCode.NO_FREE_SLOT;
import static io.github.barman4j.ErrorCode.NO_FREE_WAL_SENDER;
import static io.github.barman4j.ErrorCode.ROLE_WITHOUT_REPLICATION;
import static io.github.barman4j.ErrorCode.SERVER_ERROR;
import static io.github.barman4j.ErrorCode.SERVER_NOT_READY;
import static io.github.barman4j.ErrorCode.SLOT_EXISTS;
import static io.github.barman4j.ErrorCode.SLOT_IN_USE;
import static io.github.barman4j.ErrorCode.SLOT_LOST;
import static io.github.barman4j.ErrorCode.SLOT_MISSING;
import static io.github.barman4j.ErrorCode.WAL_REMOVED;

import io.github.barman4j.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What was tried when the server refused: the same SQLSTATE has another meaning in each. */
enum Attempt {
  CONNECT_SQL,
  CONNECT_REPLICATION,
  SQL,
  COMMAND,
  SLOT,
  STREAM,
  BASE_BACKUP;

  private record Meaning(ErrorCode code, String hint) {}

  /**
   * The exception for an error of the server.
   *
   * @param tried what was tried on what, as in "create slot 'a' on db1:5432"
   */
  ServerErrorException refused(ServerMessage error, String tried, @Nullable Throwable cause) {
    Meaning meaning = meaning(error.sqlState());
    String hint = meaning.hint();
    if (hint.isEmpty()) {
      hint = error.hint().isEmpty() ? "the server's log has the context." : error.hint();
    }
    return new ServerErrorException(
        meaning.code(),
        tried + " failed: " + error.text() + " [SQLSTATE " + error.sqlState() + "]",
        hint,
        error.sqlState(),
        error.message(),
        cause);
  }

  private Meaning meaning(String sqlState) {
    return switch (sqlState) {
      case "28P01" ->
        new Meaning(
            AUTHENTICATION_FAILED,
            "check user and password; a pgpass file is read when no password is given.");
      case "28000" ->
        new Meaning(
            CONNECTION_REJECTED,
            this == CONNECT_REPLICATION
                ? "add a line to pg_hba.conf with database 'replication' for this user and address, then reload the server; the role must exist and be allowed to log in."
                : "add a line to pg_hba.conf for this database, user and address, then reload the server; the role must exist and be allowed to log in.");
      case "3D000" ->
        new Meaning(
            CONNECTION_REJECTED, "name an existing database in the URL, for example 'postgres'.");
      case "42501" -> permission();
      case "53300" -> tooMany();
      case "53400" ->
        new Meaning(
            NO_FREE_SLOT,
            "raise max_replication_slots and restart the server, or drop a slot that nobody uses.");
      case "57P01", "57P02", "57P03" ->
        new Meaning(
            SERVER_NOT_READY,
            "the server starts up or shuts down; try again when it accepts connections.");
      default -> slotOrStream(sqlState);
    };
  }

  private Meaning permission() {
    if (this == SQL || this == CONNECT_SQL) {
      return new Meaning(SERVER_ERROR, "grant the role what is missing, or use another role.");
    }
    return new Meaning(
        ROLE_WITHOUT_REPLICATION,
        "run ALTER ROLE … REPLICATION as a superuser, or use a role that has it.");
  }

  private Meaning tooMany() {
    if (this == CONNECT_REPLICATION) {
      return new Meaning(
          NO_FREE_WAL_SENDER,
          "raise max_wal_senders (with wal_level = replica) and restart the server, or stop another replication client; a backup needs two.");
    }
    return new Meaning(
        CONNECTION_REJECTED, "raise max_connections, or wait until other clients have left.");
  }

  private Meaning slotOrStream(String sqlState) {
    if (this == SLOT || this == STREAM) {
      switch (sqlState) {
        case "55006":
          return new Meaning(
              SLOT_IN_USE,
              "another client streams from this slot: stop it, or name a slot of your own.");
        case "42704":
          return new Meaning(SLOT_MISSING, "create the slot first, or let the engine create it.");
        case "42710":
          return new Meaning(SLOT_EXISTS, "use the existing slot, or choose another name.");
        default:
          break;
      }
    }
    if (this == STREAM && sqlState.equals("58P01")) {
      return new Meaning(
          WAL_REMOVED,
          "the server has removed WAL that was not received: take a new backup, and use a slot so that the server keeps WAL.");
    }
    if (this == STREAM && sqlState.equals("55000")) {
      return new Meaning(
          SLOT_LOST,
          "the slot has been invalidated (max_slot_wal_keep_size): drop it, create it again, and take a new backup.");
    }
    return new Meaning(SERVER_ERROR, "");
  }
}
