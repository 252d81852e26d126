package io.github.barman4j.repository;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.barman4j.BlockHash;
import java.io.IOException;
import java.util.Arrays;

/** JSON in a frame with its hash. No byte can change without being noticed. */
final class SealedJson {
  private static final byte[] BEFORE_HASH = "{\"sha256\":\"".getBytes(US_ASCII);
  private static final byte[] BEFORE_CONTENT = "\",\"content\":".getBytes(US_ASCII);
  private static final byte[] AFTER_CONTENT = "}\n".getBytes(US_ASCII);
  private static final int HASH_AT = BEFORE_HASH.length;
  private static final int CONTENT_AT = HASH_AT + 2 * BlockHash.BYTES + BEFORE_CONTENT.length;

  private static final JsonMapper MAPPER = JsonMapper.builder()
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
      .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
      .build();

  private SealedJson() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static byte[] seal(JsonNode content) {
    try {
      return seal(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree can always be written", e);
    }
  }

  /** @param content JSON, stored as it stands */
  static byte[] seal(byte[] content) {
    byte[] sealed = new byte[CONTENT_AT + content.length + AFTER_CONTENT.length];
    put(sealed, 0, BEFORE_HASH);
    put(sealed, HASH_AT, BlockHash.of(content).hex().getBytes(US_ASCII));
    put(sealed, CONTENT_AT - BEFORE_CONTENT.length, BEFORE_CONTENT);
    put(sealed, CONTENT_AT, content);
    put(sealed, CONTENT_AT + content.length, AFTER_CONTENT);
    return sealed;
  }

  /** @throws io.github.barman4j.IntegrityException when any byte is not what {@link #seal} wrote */
  static byte[] open(String object, byte[] sealed) {
    int length = sealed.length - CONTENT_AT - AFTER_CONTENT.length;
    if (length < 0
        || !has(sealed, 0, BEFORE_HASH)
        || !has(sealed, CONTENT_AT - BEFORE_CONTENT.length, BEFORE_CONTENT)
        || !has(sealed, CONTENT_AT + length, AFTER_CONTENT)) {
      throw Damage.in(object, "it is not JSON with a seal");
    }
    byte[] content = Arrays.copyOfRange(sealed, CONTENT_AT, CONTENT_AT + length);
    String stored = new String(sealed, HASH_AT, 2 * BlockHash.BYTES, US_ASCII);
    String found = BlockHash.of(content).hex();
    if (!stored.equals(found)) {
      throw Damage.in(object, "its content has the hash " + found + " instead of " + stored);
    }
    return content;
  }

  static JsonNode openTree(String object, byte[] sealed) {
    byte[] content = open(object, sealed);
    try {
      JsonNode tree = MAPPER.readTree(content);
      if (tree.getNodeType() != JsonNodeType.OBJECT) {
        throw Damage.in(object, "its content is no JSON object: " + new String(content, UTF_8));
      }
      return tree;
    } catch (IOException e) {
      throw Damage.in(object, "its content is no JSON", e);
    }
  }

  /** A member that must be there. */
  static JsonNode member(String object, JsonNode tree, String name, JsonNodeType type) {
    JsonNode member = tree.get(name);
    if (member == null || member.getNodeType() != type) {
      throw Damage.in(object, "it has no " + name);
    }
    return member;
  }

  private static void put(byte[] target, int at, byte[] bytes) {
    System.arraycopy(bytes, 0, target, at, bytes.length);
  }

  private static boolean has(byte[] bytes, int at, byte[] expected) {
    return Arrays.equals(bytes, at, at + expected.length, expected, 0, expected.length);
  }
}
