package io.github.barman4j.drill;

/** A way by the network to the server that is broken. */
public enum Way {
  /** Of the engine: backups, the receiver, and what it asks the server. */
  BACKUP_HOST("backup-host"),
  /** Of the drill's writers, and of whoever takes {@link DrillStage#server()}. */
  CLIENTS("clients");

  private final String word;

  Way(String word) {
    this.word = word;
  }

  /** As a file says it. */
  String word() {
    return word;
  }
}
