package io.github.barman4j.repository;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;

/**
 * The content of {@code repository.json}.
 *
 * @param id 32 hexadecimal digits, random
 */
record RepositoryFormat(String id, RepositoryOptions options) {
  private static final String NAME = "barman4j-repository";
  private static final int VERSION = 1;

  byte[] sealed() {
    ObjectNode tree = SealedJson.object();
    tree.put("format", NAME);
    tree.put("version", VERSION);
    tree.put("id", id);
    tree.put("blockSize", options.blockSize());
    tree.put("frameSize", options.frameSize());
    tree.put("packSize", options.packSize());
    tree.put("mapPageEntries", options.mapPageEntries());
    tree.putArray("keySlots");
    return SealedJson.seal(tree);
  }

  /** Refuses what this release does not know (REPOSITORY_FORMAT_UNKNOWN) and what has changed (an IntegrityException). */
  static RepositoryFormat parse(String place, byte[] sealed) {
    String object = ServerKeys.REPOSITORY;
    JsonNode tree = SealedJson.openTree(object, sealed);
    if (!NAME.equals(tree.path("format").asText())) {
      throw unknown(place + " is no repository of this program", "point it at another directory");
    }
    if (!tree.path("version").isInt() || tree.path("version").asInt() != VERSION) {
      throw unknown(
          "the repository " + place + " has format version "
              + tree.path("version").asText() + ", this release knows version " + VERSION,
          "use the release that made the repository, or a later one");
    }
    if (!SealedJson.member(object, tree, "keySlots", JsonNodeType.ARRAY).isEmpty()) {
      throw unknown(
          "the repository " + place + " is encrypted, which this release does not know",
          "use the release that made the repository, or a later one");
    }
    RepositoryOptions options;
    try {
      options = new RepositoryOptions(
          number(object, tree, "blockSize"),
          number(object, tree, "frameSize"),
          number(object, tree, "packSize"),
          number(object, tree, "mapPageEntries"));
    } catch (BarmanException e) {
      throw Damage.in(object, e.problem(), e);
    }
    String id = SealedJson.member(object, tree, "id", JsonNodeType.STRING).asText();
    return new RepositoryFormat(id, options);
  }

  private static int number(String object, JsonNode tree, String name) {
    return SealedJson.member(object, tree, name, JsonNodeType.NUMBER).asInt();
  }

  private static BarmanException unknown(String problem, String hint) {
    return new BarmanException(ErrorCode.REPOSITORY_FORMAT_UNKNOWN, problem, hint);
  }
}
