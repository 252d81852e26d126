package io.github.barman4j.restore;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.barman4j.DurableFile;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.ControlFile;
import io.github.barman4j.postgres.SystemIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What tells an unfinished restore from a finished one: a file in the data directory from the first moment to the last, and pg_control,
 * without which PostgreSQL does not start, under another name until everything else is durable.
 *
 * <p>So a directory with the mark and without pg_control is ours to go on with; one that has pg_control is a cluster, and if it has the
 * mark, too, the restore was stopped before its first or after its last change.
 */
final class RestoreMarker {
  static final String FILE_NAME = "barman_restore_unfinished";

  static final String CONTROL_FILE = ControlFile.PATH + ".barman";

  private static final Pattern CONTENT = Pattern.compile(
      "backup ([0-9A-Za-z-]+) of system ([0-9]{1,20}), begun at (\\S+)\\s*", Pattern.DOTALL);

  /**
   * What the file says.
   *
   * @param text as it stands there, for people
   */
  record Mark(SystemIdentifier system, String text) {}

  private final Path dataDirectory;

  private RestoreMarker(Path dataDirectory) {
    this.dataDirectory = dataDirectory;
  }

  /**
   * Marks a directory, durably, before anything else is written into it, and takes its pg_control away: PostgreSQL does not start on it
   * from now on.
   */
  static RestoreMarker place(Path dataDirectory, Backup backup, Instant now) throws IOException {
    DurableFile.write(
        dataDirectory.resolve(FILE_NAME),
        ("backup " + backup.id() + " of system " + backup.systemIdentifier() + ", begun at " + now
                + "\n")
            .getBytes(UTF_8));
    if (Files.exists(dataDirectory.resolve(ControlFile.PATH), LinkOption.NOFOLLOW_LINKS)) {
      DurableFile.delete(dataDirectory.resolve(ControlFile.PATH));
    }
    return new RestoreMarker(dataDirectory);
  }

  /** The mark of a restore of ours; empty when there is none, or none that this release has written. */
  static Optional<Mark> read(Path dataDirectory) throws IOException {
    Path file = dataDirectory.resolve(FILE_NAME);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    String text = new String(Files.readAllBytes(file), UTF_8);
    Matcher matcher = CONTENT.matcher(text);
    return matcher.matches()
        ? Optional.of(new Mark(SystemIdentifier.parse(matcher.group(2)), text.strip()))
        : Optional.empty();
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
