package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.wal.PartialSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * What the receiver has received last, as a standby reads it: the segment that is not complete, and the newest complete ones.
 *
 * @param spool which every account of this machine may read
 */
record ReceivedTail(Path spool) {
  /** More than a drill's standby ever lags. */
  static final int SEGMENTS = 64;

  /** Lets the servers read the spool, before the first receiver makes it for itself alone. */
  static ReceivedTail shared(Path spool) {
    try {
      Files.createDirectories(spool);
      Files.setPosixFilePermissions(spool, PosixFilePermissions.fromString("rwxr-xr-x"));
      return new ReceivedTail(spool);
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_FAILED,
          "the spool " + spool + " could not be shared",
          "see the cause",
          e);
    }
  }

  /** As the documentation says it to users: in the order in which a segment moves on. */
  String restoreCommand() {
    String places = "SPOOL/%f" + PartialSegment.SUFFIX + " SPOOL/%f SPOOL/recent/%f";
    return "for f in " + places.replace("SPOOL", spool.toString())
        + "; do test -f $f && cp $f %p && exit 0; done; exit 1";
  }
}
