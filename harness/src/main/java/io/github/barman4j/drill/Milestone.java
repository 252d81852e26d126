package io.github.barman4j.drill;

/** The moments of a recovery, in order. A phase ends with one and has its name. */
enum Milestone {
  /** A client has noticed that the server is gone. */
  DETECTED("detect"),
  /** The backup is selected and the WAL is known to be complete. */
  PLANNED("plan"),
  /** The data directory and the WAL are in place. */
  RESTORED("restore"),
  /** PostgreSQL says "redo starts at". */
  REDO_STARTED("start"),
  /** PostgreSQL says "consistent recovery state reached". */
  CONSISTENT("consistent"),
  /** PostgreSQL says "archive recovery complete". */
  RECOVERED("replay"),
  /** PostgreSQL says "ready to accept connections". */
  READY("open"),
  /** The first query has an answer. */
  FIRST_READ("read"),
  /** The first commit is acknowledged: the end. */
  FIRST_WRITE("write");

  private final String phase;

  Milestone(String phase) {
    this.phase = phase;
  }

  String phase() {
    return phase;
  }
}
