package io.github.barman4j.maven;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.barman4j.catalog.CatalogEntries;
import io.github.barman4j.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugins.annotations.Mojo;

/** Lists the backups of a server, the oldest first. The server itself is not needed. */
@Mojo(name = "list-backups", requiresProject = false, threadSafe = true, aggregator = true)
public final class ListBackupsMojo extends CatalogMojo {

  @Override
  void answer(Engine engine, Output output) {
    CatalogEntries catalog = engine.catalog();
    ObjectNode document = Output.document();
    document.put("server", engine.configuration().server());
    ArrayNode array = document.putArray("backups");
    catalog.backups().forEach(backup -> BackupText.json(backup, array.addObject()));
    DamagedEntryText.json(catalog.damaged(), document.putArray("damaged"));
    List<String> lines = new ArrayList<>(
        catalog.backups().isEmpty()
            ? List.of("server '" + engine.configuration().server() + "' has no backup"
                + (catalog.damaged().isEmpty() ? "" : " that can be read"))
            : BackupText.table(catalog.backups()));
    lines.addAll(DamagedEntryText.lines(catalog.damaged()));
    output.answer(lines, document);
  }
}
