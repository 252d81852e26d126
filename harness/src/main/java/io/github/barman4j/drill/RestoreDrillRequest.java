package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.cluster.Servers;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.report.Limits;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which existing backup to restore, and what that may cost at most.
 *
 * @param repository is opened to be read only, whatever it says
 * @param backup an id, the beginning of one, a name, {@code latest} or {@code oldest}; null for the newest that serves
 * @param programs finds servers of the backup's major version
 * @param superuser a role of the restored cluster
 * @param checkScript queries that must return no row; null for none
 * @param checkDatabase where they are run; null for the only one besides {@code postgres} and the templates
 * @param limits what is said about loss means the age of the newest commit that came back; a number of lost commits is refused
 * @param outputDirectory where the reports are written
 * @param stepSummary drill.md is appended to it; null for none
 * @param history keeps the figures of earlier runs; null for none
 * @param command that runs this drill again
 */
public record RestoreDrillRequest(
    EngineConfiguration repository,
    @Nullable String backup,
    Programs programs,
    String superuser,
    @Nullable Path checkScript,
    @Nullable String checkDatabase,
    Limits limits,
    Path outputDirectory,
    @Nullable Path stepSummary,
    @Nullable Path history,
    String command) {

  /** Finds servers of a major version, all of one kind. */
  public interface Programs {
    /** {@code embedded} or {@code docker}. */
    String kind();

    /** @throws BarmanException when there are none */
    Servers of(int major);
  }

  /** @throws BarmanException with code DRILL_CONFIGURATION when the parts do not go together, or the script cannot be read */
  public RestoreDrillRequest {
    repository = repository.withReadOnly(true);
    if (limits.lostTransactions().isPresent()) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "lost commits cannot be counted in the drill of an existing backup",
          "nobody keeps a ledger there: limit the age of the newest commit with barman.maxRpo, and leave barman.maxLostTransactions out");
    }
    if (limits.rtoRegressionPercent().isPresent() && history == null) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "a limit on the regression of the recovery time has nothing to compare with",
          "name a file that keeps the figures of earlier runs as barman.drill.history");
    }
    if (checkScript != null) {
      SqlScript.statements(checkScript);
    } else if (checkDatabase != null) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "barman.drill.checkDatabase is '" + checkDatabase + "', and there is no script to run",
          "name the queries as barman.drill.checkScript, or leave barman.drill.checkDatabase out");
    }
    // The same rule as for scenarios.
    new DrillLimits(limits, Map.of());
  }
}
