package io.github.barman4j.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.barman4j.BarmanException;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.Secret;
import io.github.barman4j.codec.Argon2;
import io.github.barman4j.codec.GcmKey;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The data key, wrapped by a passphrase. The key that wraps is derived with a salt of its own and wraps once, so its nonce cannot come twice.
 *
 * @param salt of the derivation, 16 random bytes
 * @param wrapped the data key, encrypted, with its tag
 */
record KeySlot(Argon2 derivation, byte[] salt, byte[] wrapped) {
  private static final String DERIVATION = "argon2id";
  private static final int SALT_BYTES = 16;
  private static final int WRAPPED_BYTES = GcmKey.BYTES + GcmKey.TAG_BYTES;
  private static final byte[] NONCE = new byte[GcmKey.NONCE_BYTES];

  /** @param format what the slot is bound to: it opens in no repository with another id or other sizes */
  static KeySlot wrap(
      DataKey key, Secret passphrase, Argon2 derivation, String format, SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    byte[] wrapped = new byte[WRAPPED_BYTES];
    new GcmKey(derivation.derive(passphrase, salt))
        .seal(NONCE, format.getBytes(UTF_8), key.secret(), 0, GcmKey.BYTES, wrapped, 0);
    return new KeySlot(derivation, salt, wrapped);
  }

  /** Empty when it is not the passphrase of this slot, or what the slot is bound to has changed. */
  Optional<DataKey> unwrap(Secret passphrase, String format) {
    byte[] secret = new byte[GcmKey.BYTES];
    try {
      new GcmKey(derivation.derive(passphrase, salt))
          .open(NONCE, format.getBytes(UTF_8), wrapped, 0, wrapped.length, secret, 0);
    } catch (IntegrityException e) {
      return Optional.empty();
    }
    return Optional.of(new DataKey(secret));
  }

  void write(ObjectNode tree) {
    tree.put("derivation", DERIVATION)
        .put("memoryKiB", derivation.memoryKiB())
        .put("iterations", derivation.iterations())
        .put("lanes", derivation.lanes())
        .put("salt", HexFormat.of().formatHex(salt))
        .put("wrappedKey", HexFormat.of().formatHex(wrapped));
  }

  /** Empty for a derivation that this release does not know; an IntegrityException for what makes no sense. */
  static Optional<KeySlot> read(String object, JsonNode tree) {
    String derivation =
        SealedJson.member(object, tree, "derivation", JsonNodeType.STRING).asText();
    if (!derivation.equals(DERIVATION)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new KeySlot(
          new Argon2(
              number(object, tree, "memoryKiB"),
              number(object, tree, "iterations"),
              number(object, tree, "lanes")),
          bytes(object, tree, "salt", SALT_BYTES),
          bytes(object, tree, "wrappedKey", WRAPPED_BYTES)));
    } catch (BarmanException e) {
      throw Damage.in(object, e.problem(), e);
    }
  }

  private static int number(String object, JsonNode tree, String name) {
    return SealedJson.member(object, tree, name, JsonNodeType.NUMBER).asInt();
  }

  private static byte[] bytes(String object, JsonNode tree, String name, int length) {
    String hex = SealedJson.member(object, tree, name, JsonNodeType.STRING).asText();
    if (!hex.matches("[0-9a-f]{" + 2 * length + "}")) {
      throw Damage.in(object, "'" + name + "' of a key slot has not " + length + " bytes");
    }
    return HexFormat.of().parseHex(hex);
  }
}
