package io.github.barman4j.codec;

import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.HKDFParameters;

/** Keys from keys: HKDF with SHA-256 (RFC 5869). Fast, so only for input that is a key already; passphrases need {@link Argon2}. */
public final class KeyDerivation {
  private KeyDerivation() {}

  /**
   * A key of {@link GcmKey#BYTES} bytes. Whatever differs, salt or purpose, gives a key that says nothing about the others.
   *
   * @param secret a uniformly random key
   * @param salt need not be secret
   * @param purpose what the key is for
   */
  public static byte[] derive(byte[] secret, byte[] salt, byte[] purpose) {
    HKDFBytesGenerator generator = new HKDFBytesGenerator(new SHA256Digest());
    generator.init(new HKDFParameters(secret, salt, purpose));
    byte[] key = new byte[GcmKey.BYTES];
    generator.generateBytes(key, 0, key.length);
    return key;
  }
}
