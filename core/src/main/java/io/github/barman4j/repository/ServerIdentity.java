package io.github.barman4j.repository;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Whose backups a server's part of the repository holds.
 *
 * @param systemIdentifier unsigned, as in pg_control
 * @param postgresMajor for example 15
 */
public record ServerIdentity(long systemIdentifier, int postgresMajor) {

  byte[] sealed(String server) {
    ObjectNode tree = SealedJson.object();
    tree.put("name", server);
    tree.put("systemIdentifier", Long.toUnsignedString(systemIdentifier));
    tree.put("postgresMajor", postgresMajor);
    return SealedJson.seal(tree);
  }

  static ServerIdentity parse(String object, String server, byte[] sealed) {
    JsonNode tree = SealedJson.openTree(object, sealed);
    String name = SealedJson.member(object, tree, "name", JsonNodeType.STRING).asText();
    if (!name.equals(server)) {
      throw Damage.in(object, "it belongs to the server '" + name + "'");
    }
    String text =
        SealedJson.member(object, tree, "systemIdentifier", JsonNodeType.STRING).asText();
    int major =
        SealedJson.member(object, tree, "postgresMajor", JsonNodeType.NUMBER).asInt();
    try {
      return new ServerIdentity(Long.parseUnsignedLong(text), major);
    } catch (NumberFormatException e) {
      throw Damage.in(object, "'" + text + "' is no system identifier", e);
    }
  }

  @Override
  public String toString() {
    return "system identifier " + Long.toUnsignedString(systemIdentifier) + ", PostgreSQL "
        + postgresMajor;
  }
}
