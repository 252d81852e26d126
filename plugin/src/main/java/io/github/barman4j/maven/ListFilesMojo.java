package io.github.barman4j.maven;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.FileScope;
import io.github.barman4j.engine.ListedFile;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/** Lists the files of one backup, and the WAL that belongs to it. The server itself is not needed. */
@Mojo(name = "list-files", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class ListFilesMojo extends CatalogMojo {
  /** The backup: its id or the beginning of it, its name, <code>latest</code> or <code>oldest</code>. */
  @Parameter(property = "barman.backup", defaultValue = "latest")
  private String backup;

  /**
   * Which files: <code>data</code>, those of the data directory and of configuration; <code>standalone</code>, these and the WAL
   * up to where the cluster is consistent; <code>wal</code>, all WAL from the backup's begin on; <code>full</code>, data and all
   * WAL.
   */
  @Parameter(property = "barman.files", defaultValue = "standalone")
  private String files;

  @Override
  void answer(Engine engine, Output to) {
    List<String> lines = new ArrayList<>();
    ObjectNode document = Output.document();
    ObjectNode head = document.put("server", engine.configuration().server()).putObject("backup");
    ArrayNode array = document.putArray("files");
    Backup found = engine.files(
        value("barman.backup", backup).text(),
        value("barman.files", files).choice(FileScope.class),
        file -> {
          lines.add(line(file));
          json(file, array.addObject());
        });
    head.put("id", found.id().value()).put("name", found.name().orElse(null));
    to.answer(lines, document);
  }

  private static String line(ListedFile file) {
    String time = file.modified()
        .map(modified -> modified.truncatedTo(ChronoUnit.SECONDS).toString())
        .orElse("-");
    return String.format(
        Locale.ROOT,
        "%-13s %04o %14d %-20s %s%s",
        kind(file),
        file.mode(),
        file.bytes(),
        time,
        file.path(),
        file.linkTarget().isEmpty() ? "" : " -> " + file.linkTarget());
  }

  private static void json(ListedFile file, ObjectNode json) {
    json.put("kind", kind(file)).put("path", file.path()).put("bytes", file.bytes());
    if (file.mode() != 0) {
      json.put("mode", String.format(Locale.ROOT, "%04o", file.mode()));
    }
    file.modified().ifPresent(modified -> json.put("modified", modified.toString()));
    if (!file.linkTarget().isEmpty()) {
      json.put("target", file.linkTarget());
    }
  }

  private static String kind(ListedFile file) {
    return file.kind().name().toLowerCase(Locale.ROOT);
  }
}
