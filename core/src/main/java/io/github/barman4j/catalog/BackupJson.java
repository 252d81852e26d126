package io.github.barman4j.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.barman4j.BarmanException;
import io.github.barman4j.BlockHash;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.PostgresVersion;
import io.github.barman4j.postgres.SystemIdentifier;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegmentSize;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Catalog entries as JSON; the members are listed in the site's page "Repository format". */
final class BackupJson {
  private static final JsonMapper MAPPER = new JsonMapper();

  private BackupJson() {}

  static byte[] write(Backup backup) {
    ObjectNode tree = MAPPER.createObjectNode();
    tree.put("id", backup.id().value());
    tree.put("name", backup.name().orElse(null));
    tree.put("systemIdentifier", backup.systemIdentifier().toString());
    tree.put("postgres", backup.postgres().number());
    tree.put("startedAt", backup.startedAt().toString());
    tree.put("finishedAt", backup.finishedAt().toString());
    tree.put("beginLsn", backup.beginLsn().toString());
    tree.put("endLsn", backup.endLsn().toString());
    tree.put("beginTimeline", backup.beginTimeline().id());
    tree.put("endTimeline", backup.endTimeline().id());
    tree.put("segmentSize", backup.segmentSize().bytes());
    ArrayNode tablespaces = tree.putArray("tablespaces");
    for (Backup.Tablespace tablespace : backup.tablespaces()) {
      tablespaces
          .addObject()
          .put("oid", tablespace.oid())
          .put("name", tablespace.name())
          .put("location", tablespace.location());
    }
    tree.put("method", backup.method());
    tree.put("parent", backup.parent().map(BackupId::value).orElse(null));
    tree.put("manifestHash", backup.manifestHash().hex());
    tree.putObject("sizes")
        .put("databaseBytes", backup.sizes().databaseBytes())
        .put("files", backup.sizes().files())
        .put("newBytes", backup.sizes().newBytes())
        .put("storedBytes", backup.sizes().storedBytes())
        .put("reusedBytes", backup.sizes().reusedBytes());
    ObjectNode packs = tree.putObject("packs");
    backup.packs().forEach(packs::put);
    tree.put("compression", backup.compression());
    tree.put("took", backup.took().toString());
    tree.put("dataChecksums", backup.dataChecksums());
    tree.put("dataDirectory", backup.dataDirectory());
    backup.configurationFiles().forEach(tree.putArray("configurationFiles")::add);
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can always be written", e);
    }
  }

  /** @throws IntegrityException naming the object and the member that is missing or makes no sense */
  static Backup read(String object, byte[] json) {
    try {
      Members entry = new Members(MAPPER.readTree(json));
      return read(entry);
    } catch (IOException | IllegalArgumentException | DateTimeException | BarmanException e) {
      throw new IntegrityException(
          ErrorCode.REPOSITORY_DAMAGED,
          "the catalog entry " + object + " makes no sense: " + e.getMessage(),
          "restore the object from a copy of the repository; the other backups are not concerned.",
          e);
    }
  }

  private static Backup read(Members entry) {
    List<Backup.Tablespace> tablespaces = new ArrayList<>();
    for (JsonNode node : entry.node("tablespaces")) {
      Members tablespace = new Members(node);
      tablespaces.add(new Backup.Tablespace(
          tablespace.number("oid"), tablespace.text("name"), tablespace.text("location")));
    }
    Members sizes = new Members(entry.node("sizes"));
    Map<String, Long> packs = new TreeMap<>();
    JsonNode packNode = entry.node("packs");
    packNode
        .fieldNames()
        .forEachRemaining(pack -> packs.put(pack, new Members(packNode).number(pack)));
    List<String> configuration = new ArrayList<>();
    entry.node("configurationFiles").forEach(file -> configuration.add(file.asText()));
    return new Backup(
        new BackupId(entry.text("id")),
        entry.optional("name"),
        SystemIdentifier.parse(entry.text("systemIdentifier")),
        new PostgresVersion(entry.integer("postgres")),
        Instant.parse(entry.text("startedAt")),
        Instant.parse(entry.text("finishedAt")),
        Lsn.parse(entry.text("beginLsn")),
        Lsn.parse(entry.text("endLsn")),
        new Timeline(entry.integer("beginTimeline")),
        new Timeline(entry.integer("endTimeline")),
        new WalSegmentSize(entry.integer("segmentSize")),
        tablespaces,
        entry.text("method"),
        entry.optional("parent").map(BackupId::new),
        BlockHash.parse(entry.text("manifestHash")),
        new Backup.Sizes(
            sizes.number("databaseBytes"),
            sizes.number("files"),
            sizes.number("newBytes"),
            sizes.number("storedBytes"),
            sizes.number("reusedBytes")),
        packs,
        entry.text("compression"),
        Duration.parse(entry.text("took")),
        entry.flag("dataChecksums"),
        entry.text("dataDirectory"),
        configuration);
  }
}
