package io.github.barman4j.maven;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.engine.Engine;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/** Shows all that the catalog knows of one backup. The server itself is not needed. */
@Mojo(name = "show-backup", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class ShowBackupMojo extends CatalogMojo {
  /** The backup: its id or the beginning of it, its name, <code>latest</code> or <code>oldest</code>. */
  @Parameter(property = "barman.backup", defaultValue = "latest")
  private String backup;

  @Override
  void answer(Engine engine, Output output) {
    Backup found = engine.backup(value("barman.backup", backup).text());
    ObjectNode document = Output.document();
    document.put("server", engine.configuration().server());
    BackupText.json(found, document.putObject("backup"));
    output.answer(BackupText.details(found), document);
  }
}
