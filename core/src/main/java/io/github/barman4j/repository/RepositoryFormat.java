package io.github.barman4j.repository;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Secret;
import io.github.barman4j.codec.Argon2;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * The content of {@code repository.json}.
 *
 * @param id 32 hexadecimal digits, random
 * @param slots the data key, wrapped by one passphrase each; none when the repository is not encrypted
 */
record RepositoryFormat(String id, RepositoryOptions options, List<KeySlot> slots) {
  private static final String NAME = "barman4j-repository";
  private static final int PLAIN = 1;
  private static final int ENCRYPTED = 2;

  RepositoryFormat {
    slots = List.copyOf(slots);
  }

  /** Without encryption. */
  RepositoryFormat(String id, RepositoryOptions options) {
    this(id, options, List.of());
  }

  /** The same with the data key wrapped by one passphrase, and by no other. */
  RepositoryFormat wrapping(
      DataKey key, Secret passphrase, Argon2 derivation, SecureRandom random) {
    KeySlot slot = KeySlot.wrap(key, passphrase, derivation, bound(), random);
    return new RepositoryFormat(id, options, List.of(slot));
  }

  /** What the key slots are bound to: all but themselves. */
  String bound() {
    return NAME + " " + ENCRYPTED + " " + id + " " + options.blockSize() + " " + options.frameSize()
        + " " + options.packSize() + " " + options.mapPageEntries();
  }

  byte[] sealed() {
    ObjectNode tree = SealedJson.object();
    tree.put("format", NAME);
    tree.put("version", slots.isEmpty() ? PLAIN : ENCRYPTED);
    tree.put("id", id);
    tree.put("blockSize", options.blockSize());
    tree.put("frameSize", options.frameSize());
    tree.put("packSize", options.packSize());
    tree.put("mapPageEntries", options.mapPageEntries());
    ArrayNode written = tree.putArray("keySlots");
    slots.forEach(slot -> slot.write(written.addObject()));
    return SealedJson.seal(tree);
  }

  /** Refuses what this release does not know (REPOSITORY_FORMAT_UNKNOWN) and what has changed (an IntegrityException). */
  static RepositoryFormat parse(String place, byte[] sealed) {
    String object = ServerKeys.REPOSITORY;
    JsonNode tree = SealedJson.openTree(object, sealed);
    if (!NAME.equals(tree.path("format").asText())) {
      throw unknown(place + " is no repository of this program", "point it at another directory");
    }
    int version = tree.path("version").isInt() ? tree.path("version").asInt() : 0;
    if (version != PLAIN && version != ENCRYPTED) {
      throw unknown(
          "the repository " + place + " has format version "
              + tree.path("version").asText() + ", this release knows the versions " + PLAIN
              + " and " + ENCRYPTED,
          "use the release that made the repository, or a later one");
    }
    JsonNode slotNodes = SealedJson.member(object, tree, "keySlots", JsonNodeType.ARRAY);
    if (slotNodes.isEmpty() == (version == ENCRYPTED)) {
      throw unknown(
          "the repository " + place + " has format version " + version + " and " + slotNodes.size()
              + " key slots",
          "use the release that made the repository, or a later one");
    }
    List<KeySlot> slots = new ArrayList<>();
    slotNodes.forEach(slot -> KeySlot.read(object, slot).ifPresent(slots::add));
    if (slots.isEmpty() && version == ENCRYPTED) {
      throw unknown(
          "the repository " + place + " has no key slot of a kind that this release knows",
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
    return new RepositoryFormat(id, options, slots);
  }

  private static int number(String object, JsonNode tree, String name) {
    return SealedJson.member(object, tree, name, JsonNodeType.NUMBER).asInt();
  }

  private static BarmanException unknown(String problem, String hint) {
    return new BarmanException(ErrorCode.REPOSITORY_FORMAT_UNKNOWN, problem, hint);
  }
}
