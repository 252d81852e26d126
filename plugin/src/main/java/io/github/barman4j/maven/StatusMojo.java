package io.github.barman4j.maven;

import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.health.StatusReport;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Shows what is known of a server and of its archive: backups, the last archived segment, gaps, the receiver, its slot, and how
 * far they are behind. It judges nothing: <code>check</code> does.
 *
 * <p>Without <code>barman.url</code> it shows the archive alone. What cannot be reached is shown with the reason, and fails
 * nothing as long as the other can.
 */
@Mojo(name = "status", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class StatusMojo extends LiveAnswerMojo {
  /** The receiver's replication slot. */
  @Parameter(property = "barman.slot", defaultValue = ReceiveRequest.DEFAULT_SLOT)
  private String slot;

  @Override
  EngineConfiguration engineConfiguration() {
    return configuration(connection().orElse(null));
  }

  @Override
  void answer(Engine engine, Output to) {
    StatusReport report = engine.status(value("barman.slot", slot).text());
    to.answer(StatusText.lines(report), StatusText.json(report));
  }
}
