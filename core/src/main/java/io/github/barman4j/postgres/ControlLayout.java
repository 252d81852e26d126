package io.github.barman4j.postgres;

/**
 * Where the fields of pg_control lie (pg_control.h, ControlFileData), by its version.
 *
 * @param segmentSize offset of the size of a segment, right behind that of a page of the log
 * @param dataChecksums offset of the version of the data checksums
 * @param checksummed bytes that the file's own checksum covers, padding included: it stands right after them
 */
record ControlLayout(
    CheckpointLayout checkpoint, int segmentSize, int dataChecksums, int checksummed) {
  /** Offset of the copy of the last checkpoint. */
  static final int CHECKPOINT = 40;

  /** Bytes of the longest with its checksum. */
  static final int LONGEST = 312;

  private static final ControlLayout UP_TO_17 =
      new ControlLayout(CheckpointLayout.UP_TO_18, 228, 252, 288);
  private static final ControlLayout V18 =
      new ControlLayout(CheckpointLayout.UP_TO_18, 228, 252, 292);
  private static final ControlLayout V19 =
      new ControlLayout(CheckpointLayout.SINCE_19, 240, 268, LONGEST - 4);

  static ControlLayout of(int version) {
    return switch (version) {
      case 1300, 1700 -> UP_TO_17;
      case 1800 -> V18;
      case 1905 -> V19;
      default ->
        throw Malformed.controlFile(
            "pg_control has the layout " + Integer.toUnsignedString(version)
                + ", not that of PostgreSQL 15 to 19",
            "is it the file of an older or newer server, or of a machine with another byte order?");
    };
  }

  /** Offset of the point up to which a recovery must come; behind the checkpoint and the position of unlogged relations. */
  int recovery() {
    return CHECKPOINT + checkpoint.length() + Long.BYTES;
  }
}
