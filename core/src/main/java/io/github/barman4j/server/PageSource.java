package io.github.barman4j.server;

/**
 * A way to read all files of a running server between two points of its WAL: {@link #start}, then {@link #read}, then {@link #stop},
 * each once, by one thread. Closing it before {@code stop} gives the base backup up.
 */
public interface PageSource extends AutoCloseable {
  /** Puts the server into the backup; waits for its checkpoint. */
  BackupStart start();

  /**
   * Gives every file, directory and link to the visitor, each once, in the order in which the server has them: a tablespace's files come
   * before its link.
   */
  void read(SourceVisitor visitor);

  /** Takes the server out of the backup. */
  BackupStop stop();

  @Override
  void close();
}
