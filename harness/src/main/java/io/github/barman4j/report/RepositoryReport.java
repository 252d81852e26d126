package io.github.barman4j.report;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.CatalogEntries;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.restore.Recoverability;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The backups of one server and what can be recovered of it, as they were at a moment.
 *
 * @param repository where they lie
 * @param catalog empty when it could not be read
 * @param recoverable empty when it could not be found out
 * @param unread what could not be read and why, a sentence each
 */
public record RepositoryReport(
    String repository,
    String server,
    Instant readAt,
    Optional<CatalogEntries> catalog,
    Optional<Recoverability> recoverable,
    List<String> unread) {
  public RepositoryReport {
    unread = List.copyOf(unread);
  }

  /** What can be read; the rest is told. Nothing is written when the engine may only read. */
  public static RepositoryReport of(Engine engine) {
    List<String> unread = new ArrayList<>();
    return new RepositoryReport(
        engine.configuration().repository().toString(),
        engine.configuration().server(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        read("the catalog", engine::catalog, unread),
        read("what can be recovered", engine::recoverable, unread),
        unread);
  }

  /** A page of it alone. */
  public String page() {
    return SitePage.of(this);
  }

  /**
   * A drill's page with this behind the scenarios.
   *
   * @param drill as {@link ReportFiles} has written it
   * @throws BarmanException with code DRILL_CONFIGURATION when it is none
   */
  public String behind(String drill) {
    return SitePage.of(drill, this);
  }

  private interface Reading<T> {
    T read();
  }

  private static <T> Optional<T> read(String what, Reading<T> reading, List<String> unread) {
    try {
      return Optional.of(reading.read());
    } catch (BarmanException e) {
      if (e.code() == ErrorCode.INTERRUPTED) {
        throw e;
      }
      unread.add(what + " could not be read: " + e.getMessage());
      return Optional.empty();
    }
  }
}
