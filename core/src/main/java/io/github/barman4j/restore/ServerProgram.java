package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.PostgresVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The program that a restored cluster will be started with: a data directory belongs to one major version (manual, section 19.6). */
final class ServerProgram {
  private static final Pattern VERSION = Pattern.compile("postgres \\(PostgreSQL\\) ([^\\s]+).*");
  private static final long PATIENCE_SECONDS = 20;

  private ServerProgram() {}

  /**
   * Refuses a program of another major version than the backup's.
   *
   * @param folder has {@code postgres} in it
   * @throws BarmanException RESTORE_VERSION, also when the program does not say what it is
   */
  static void require(Path folder, Backup backup) {
    PostgresVersion version = versionOf(folder.resolve("postgres"));
    if (version.major() != backup.postgres().major()) {
      throw new BarmanException(
          ErrorCode.RESTORE_VERSION,
          "the server in " + folder + " is PostgreSQL " + version + ", backup " + backup.id()
              + " is of " + backup.postgres(),
          "name the programs of PostgreSQL " + backup.postgres().major()
              + "; a data directory of another major version is not started.");
    }
  }

  private static PostgresVersion versionOf(Path program) {
    String said;
    try {
      Process process = new ProcessBuilder(program.toString(), "--version")
          .redirectErrorStream(true)
          .start();
      process.getOutputStream().close();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw unknown(program, "it did not answer in " + PATIENCE_SECONDS + " seconds", null);
      }
      said = new String(process.getInputStream().readNBytes(1000), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw unknown(program, String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BarmanException(
          ErrorCode.INTERRUPTED,
          "the restore was interrupted while it asked " + program + " for its version",
          "run it again; nothing has been written.",
          e);
    }
    Matcher matcher = VERSION.matcher(said);
    if (!matcher.matches()) {
      throw unknown(program, "it says '" + said + "'", null);
    }
    try {
      return PostgresVersion.parse(matcher.group(1));
    } catch (BarmanException e) {
      throw unknown(program, e.problem(), e);
    }
  }

  private static BarmanException unknown(Path program, String found, @Nullable Throwable cause) {
    return new BarmanException(
        ErrorCode.RESTORE_VERSION,
        "the version of the server program " + program + " cannot be told: " + found,
        "name the folder that has PostgreSQL's programs, postgres among them.",
        cause);
  }
}
