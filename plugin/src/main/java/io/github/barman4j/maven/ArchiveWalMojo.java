package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.wal.ArchiveReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Archives what the server's <code>archive_command</code> has put into a directory, and removes from it what is archived.
 *
 * <p>A file that is not what its name says, or differs from what is archived under it, is kept in the quarantine and fails the build.
 */
@Mojo(name = "archive-wal", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class ArchiveWalMojo extends RepositoryMojo {
  /** The directory that <code>archive_command</code> writes to. */
  @Parameter(property = "barman.incoming")
  private @Nullable String incoming;

  /** <code>true</code> prints what would be archived, and archives nothing. */
  @Parameter(property = "barman.dryRun", defaultValue = "false")
  private String dryRun;

  @Override
  void run() {
    Path directory = ParameterValue.of("barman.incoming", incoming)
        .orElseThrow(() -> new BarmanException(
            ErrorCode.INVALID_CONFIGURATION,
            "no directory is named to archive from",
            "set barman.incoming to the directory that the server's archive_command writes to"))
        .path(baseDirectory());
    boolean plan = ParameterValue.flag("barman.dryRun", dryRun);
    Engine engine = Engine.open(configuration(null), new EventLog(getLog()));
    if (plan) {
      List<String> names = names(directory);
      getLog()
          .info("would archive what lies in " + directory + ": " + names.size() + " files"
              + (names.isEmpty()
                  ? ""
                  : ", " + names.get(0) + " to " + names.get(names.size() - 1)));
      return;
    }
    ArchiveReport report = engine.archiveIncoming(directory);
    say("archived", report.archived());
    say("archived before with the same content", report.present());
    say("incomplete, left where they are", report.incomplete());
    say("of other names, left where they are", report.ignored());
    judge(report, directory);
  }

  private void say(String what, List<String> names) {
    if (!names.isEmpty()) {
      getLog().info(what + ": " + names.size() + ", the last is " + names.get(names.size() - 1));
    }
  }

  private static void judge(ArchiveReport report, Path directory) {
    if (!report.quarantined().isEmpty()) {
      ArchiveReport.Quarantined first = report.quarantined().get(0);
      throw new BadOutcomeException(
          ErrorCode.WAL_DIFFERS,
          report.quarantined().size() + " files of " + directory
              + " are in the quarantine, the first is " + first.name() + ": " + first.reason(),
          "does another server, or a clone, archive into this directory? look at " + first.key()
              + " in the repository before anything else");
    }
    if (!report.incomplete().isEmpty()) {
      throw new BadOutcomeException(
          ErrorCode.WAL_NOT_ARCHIVED,
          report.incomplete().size() + " segments in " + directory
              + " are shorter than they should be, the first is "
              + report.incomplete().get(0),
          "let archive_command write under another name and rename when all is on the disk");
    }
  }

  private static List<String> names(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new BarmanException(
          ErrorCode.INVALID_CONFIGURATION,
          "there is no directory " + directory + " to archive from",
          "name the one that the server's archive_command writes to");
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.IO,
          "the directory " + directory + " cannot be read: " + e,
          "let this user read it and remove files from it",
          e);
    }
  }
}
