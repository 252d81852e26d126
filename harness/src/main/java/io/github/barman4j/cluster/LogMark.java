package io.github.barman4j.cluster;

/** Lines of a server's log that mark a step of its start (xlogrecovery.c, xlog.c, postmaster.c; 15 to 18). */
public enum LogMark {
  REDO_STARTS("redo starts at"),
  CONSISTENT("consistent recovery state reached"),
  RECOVERY_STOPPING("recovery stopping "),
  RECOVERY_COMPLETE("archive recovery complete"),
  READY_READ_ONLY("database system is ready to accept read-only connections"),
  READY("database system is ready to accept connections");

  private final String text;

  LogMark(String text) {
    this.text = text;
  }

  boolean isIn(String line) {
    return line.contains(text);
  }
}
