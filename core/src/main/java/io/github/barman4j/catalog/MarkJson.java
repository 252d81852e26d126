package io.github.barman4j.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Marks as JSON, and the keys that they have; the members are listed in the site's page "Repository format". */
final class MarkJson {
  private static final String DAMAGED = "damaged";
  private static final String VERIFIED = "verified";
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
          "yyyyMMdd'T'HHmmss.nnnnnnnnn'Z'", Locale.ROOT)
      .withZone(ZoneOffset.UTC);

  private MarkJson() {}

  /** What the keys of all marks of a backup begin with. */
  static String prefix(BackupId backup) {
    return "marks/" + backup + "/";
  }

  static String key(BackupId backup, Mark mark) {
    return prefix(backup) + kind(mark) + "-" + TIME.format(mark.at()) + ".json";
  }

  static byte[] write(BackupId backup, Mark mark) {
    ObjectNode tree = MAPPER.createObjectNode();
    tree.put("kind", kind(mark));
    tree.put("backup", backup.value());
    tree.put("at", mark.at().toString());
    if (mark instanceof Mark.Damaged damaged) {
      tree.put("foundBy", damaged.foundBy());
      ArrayNode files = tree.putArray("files");
      for (DamagedFile file : damaged.files()) {
        ObjectNode node = files
            .addObject()
            .put("path", file.path())
            .put("relation", file.relation())
            .put("problem", file.problem());
        file.blocks().forEach(node.putArray("blocks")::add);
      }
    } else if (mark instanceof Mark.Verified verified) {
      tree.put("blocks", verified.blocks());
      tree.put("bytes", verified.bytes());
    }
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can always be written", e);
    }
  }

  /** @throws IntegrityException when it makes no sense, or is another mark than the key says */
  static Mark read(BackupId backup, String key, String object, byte[] json) {
    try {
      Members entry = new Members(MAPPER.readTree(json));
      Mark mark = read(entry);
      if (!entry.text("backup").equals(backup.value()) || !key.equals(key(backup, mark))) {
        throw new IllegalArgumentException("it is a copy of a mark of " + entry.text("backup"));
      }
      return mark;
    } catch (IOException | IllegalArgumentException | DateTimeException | BarmanException e) {
      throw new IntegrityException(
          ErrorCode.REPOSITORY_DAMAGED,
          "the mark " + object + " makes no sense: " + e.getMessage(),
          "verify the backup again, then delete the object; the other backups are not concerned.",
          e);
    }
  }

  private static Mark read(Members entry) {
    Instant at = Instant.parse(entry.text("at"));
    return switch (entry.text("kind")) {
      case VERIFIED -> new Mark.Verified(at, entry.number("blocks"), entry.number("bytes"));
      case DAMAGED -> {
        List<DamagedFile> files = new ArrayList<>();
        for (JsonNode node : entry.node("files")) {
          Members file = new Members(node);
          List<Long> blocks = new ArrayList<>();
          file.node("blocks").forEach(block -> blocks.add(block.longValue()));
          files.add(new DamagedFile(
              file.text("path"), file.text("relation"), blocks, file.text("problem")));
        }
        yield new Mark.Damaged(at, entry.text("foundBy"), files);
      }
      default -> throw new IllegalArgumentException("its kind is '" + entry.text("kind") + "'");
    };
  }

  private static String kind(Mark mark) {
    return mark instanceof Mark.Damaged ? DAMAGED : VERIFIED;
  }
}
