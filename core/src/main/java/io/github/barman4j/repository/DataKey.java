package io.github.barman4j.repository;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.barman4j.BlockHash;
import io.github.barman4j.codec.GcmKey;
import io.github.barman4j.codec.KeyDerivation;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The one random key of a repository. Nothing is encrypted with it: each object, and each run of a program that seals records, has a key of
 * its own, derived with a random salt of 32 or 16 bytes. That is why no nonce can come twice under a key: within an object or a run nonces are
 * counted, and two of them never share a salt. Immutable; its text form says nothing.
 */
final class DataKey {
  private static final byte[] NO_SALT = {};

  private final byte[] secret;

  /** @param secret {@link GcmKey#BYTES} bytes; not copied */
  DataKey(byte[] secret) {
    this.secret = secret;
  }

  static DataKey draw(SecureRandom random) {
    byte[] secret = new byte[GcmKey.BYTES];
    random.nextBytes(secret);
    return new DataKey(secret);
  }

  /** For the one object that has this salt and this key in the store. */
  GcmKey ofObject(byte[] salt, String object) {
    return new GcmKey(KeyDerivation.derive(secret, salt, bytes("barman4j object " + object)));
  }

  /** For the records of one purpose that one program seals in one run. */
  GcmKey ofRecords(byte[] run, String purpose) {
    return new GcmKey(KeyDerivation.derive(secret, run, bytes("barman4j records " + purpose)));
  }

  /** 64 hexadecimal digits that are the same for the same hash, and tell nobody else which. */
  String nameOf(BlockHash hash) {
    ByteBuffer purpose = ByteBuffer.allocate(64).put(bytes("barman4j name "));
    hash.write(purpose);
    byte[] input = new byte[purpose.position()];
    purpose.flip().get(input);
    return HexFormat.of().formatHex(KeyDerivation.derive(secret, NO_SALT, input));
  }

  byte[] secret() {
    return secret;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Override
  public String toString() {
    return "***";
  }
}
