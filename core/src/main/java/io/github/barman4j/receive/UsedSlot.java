package io.github.barman4j.receive;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.barman4j.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Remembers, in a file of the spool, through which slot log was received last: so a slot that was dropped is told from one that there never
 * was. That the archive has log tells nothing, for backups and archive_command bring log without a slot.
 */
final class UsedSlot {
  private static final String FILE_NAME = "slot";

  private UsedSlot() {}

  /** Its name; empty while no receiver has used this spool. */
  static Optional<String> in(Path spool) throws IOException {
    Path file = spool.resolve(FILE_NAME);
    return Files.isRegularFile(file)
        ? Optional.of(new String(Files.readAllBytes(file), UTF_8).strip())
        : Optional.empty();
  }

  /** Durable when this returns. */
  static void remember(Path spool, String slot) throws IOException {
    if (!in(spool).equals(Optional.of(slot))) {
      DurableFile.write(spool.resolve(FILE_NAME), (slot + "\n").getBytes(UTF_8));
    }
  }
}
