package io.github.barman4j.postgres;

/**
 * Where the fields of a checkpoint lie, in its record and in the control file (pg_control.h, CheckPoint). Those before {@link
 * #AFTER_TIMELINES} have always been there; PostgreSQL 19 has one more in the middle, and wider numbers of multixact members.
 *
 * @param nextXid offset of the next transaction id
 * @param time offset of its time
 * @param length bytes in all
 */
record CheckpointLayout(int nextXid, int time, int length) {
  static final int REDO = 0;
  static final int TIMELINE = 8;
  static final int PREVIOUS_TIMELINE = 12;
  static final int AFTER_TIMELINES = 16;

  /** Of PostgreSQL 15 to 18. */
  static final CheckpointLayout UP_TO_18 = new CheckpointLayout(24, 64, 88);

  /** Of PostgreSQL 19. */
  static final CheckpointLayout SINCE_19 = new CheckpointLayout(32, 72, 96);
}
