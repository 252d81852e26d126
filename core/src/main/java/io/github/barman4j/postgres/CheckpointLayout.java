package io.github.barman4j.postgres;

/** Where the fields of a checkpoint lie, in its record and in the control file (pg_control.h, CheckPoint, 15–18). */
final class CheckpointLayout {
  static final int REDO = 0;
  static final int TIMELINE = 8;
  static final int PREVIOUS_TIMELINE = 12;
  static final int AFTER_TIMELINES = 16;
  static final int NEXT_XID = 24;
  static final int TIME = 64;
  static final int LENGTH = 88;

  private CheckpointLayout() {}
}
