package io.github.barman4j.restore;

/** What lies where a data directory is to be restored to, and may be overwritten. */
sealed interface Occupant {

  /** Whether every file has to be looked at before it is written. */
  boolean isAnything();

  /** Nothing that anybody needs. */
  record Nothing() implements Occupant {
    @Override
    public boolean isAnything() {
      return false;
    }
  }

  /**
   * A restore of ours that was interrupted.
   *
   * @param mark what its mark says, for people
   */
  record Unfinished(String mark) implements Occupant {
    @Override
    public boolean isAnything() {
      return true;
    }
  }

  /** A stopped cluster with the backup's system identifier. */
  record Cluster() implements Occupant {
    @Override
    public boolean isAnything() {
      return true;
    }
  }
}
