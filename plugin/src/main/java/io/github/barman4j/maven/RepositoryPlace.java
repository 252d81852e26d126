package io.github.barman4j.maven;

import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ServerConnection;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where one server's part of a repository is, as the user wrote it.
 *
 * @param repository the value of barman.repository
 * @param server of barman.server
 * @param spool of barman.spool; null when the user gave none
 */
record RepositoryPlace(
    String repository, String server, @Nullable String spool) {

  /** @param base where relative paths begin */
  EngineConfiguration configuration(Path base, @Nullable ServerConnection connection) {
    String place = BarmanMojo.value("barman.repository", repository).text();
    boolean relative = !place.matches("(~|[A-Za-z][A-Za-z0-9+.-]+:).*");
    EngineConfiguration configuration = EngineConfiguration.of(
        EngineConfiguration.repositoryPath(relative ? base.resolve(place).toString() : place),
        BarmanMojo.value("barman.server", server).text(),
        connection);
    return ParameterValue.of("barman.spool", spool)
        .map(value -> configuration.withSpool(value.path(base)))
        .orElse(configuration);
  }
}
