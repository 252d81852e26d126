package io.github.barman4j.maven;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.engine.Engine;
import java.util.List;
import org.apache.maven.plugins.annotations.Mojo;

/** Lists the backups of a server, the oldest first. The server itself is not needed. */
@Mojo(name = "list-backups", requiresProject = false, threadSafe = true, aggregator = true)
public final class ListBackupsMojo extends CatalogMojo {

  @Override
  void answer(Engine engine, Output output) {
    List<Backup> backups = engine.backups();
    ObjectNode document = Output.document();
    document.put("server", engine.configuration().server());
    ArrayNode array = document.putArray("backups");
    backups.forEach(backup -> BackupText.json(backup, array.addObject()));
    output.answer(
        backups.isEmpty()
            ? List.of("server '" + engine.configuration().server() + "' has no backup")
            : BackupText.table(backups),
        document);
  }
}
