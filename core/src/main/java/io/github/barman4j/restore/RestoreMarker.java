package io.github.barman4j.restore;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.barman4j.DurableFile;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.postgres.ControlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * What tells an unfinished restore from a finished one: a file in the data directory from the first moment to the last, and pg_control,
 * without which PostgreSQL does not start, under another name until everything else is durable.
 */
final class RestoreMarker {
  static final String FILE_NAME = "barman_restore_unfinished";

  private static final String CONTROL_FILE = ControlFile.PATH + ".barman";

  private final Path dataDirectory;

  private RestoreMarker(Path dataDirectory) {
    this.dataDirectory = dataDirectory;
  }

  /** Marks a directory, durably, before anything else is written into it. */
  static RestoreMarker place(Path dataDirectory, BackupId backup, Instant now) throws IOException {
    DurableFile.write(
        dataDirectory.resolve(FILE_NAME),
        ("backup " + backup + ", begun at " + now + "\n").getBytes(UTF_8));
    return new RestoreMarker(dataDirectory);
  }

  /** Writes pg_control, durably, under its temporary name. */
  void writeControlFile(byte[] content, FileOwner owner) throws IOException {
    Path file = dataDirectory.resolve(CONTROL_FILE);
    DurableFile.write(file, content);
    Files.setPosixFilePermissions(file, DataDirectory.permissions(0600));
    owner.give(file);
  }

  /** Makes the directory one that PostgreSQL starts on. Everything else in it is durable. */
  void remove() throws IOException {
    DurableFile.rename(
        dataDirectory.resolve(CONTROL_FILE), dataDirectory.resolve(ControlFile.PATH));
    Files.delete(dataDirectory.resolve(FILE_NAME));
    DurableFile.syncDirectory(dataDirectory);
  }
}
