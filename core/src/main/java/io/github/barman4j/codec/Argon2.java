package io.github.barman4j.codec;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * A key from a passphrase: Argon2id, version 1.3 (RFC 9106). Slow and hungry on purpose, so that guessing costs.
 *
 * @param memoryKiB from 8 per lane to 1 GiB
 * @param iterations 1 to 64
 * @param lanes 1 to 16
 */
public record Argon2(int memoryKiB, int iterations, int lanes) {
  /** The second recommendation of RFC 9106, section 4: 64 MiB, 3 passes, 4 lanes. */
  public static final Argon2 DEFAULT = new Argon2(64 << 10, 3, 4);

  private static final int MAXIMUM_KIB = 1 << 20;

  /** Refuses with a BarmanException (INVALID_VALUE), so that nothing that was read can ask for all memory or for a year. */
  public Argon2 {
    if (lanes < 1
        || lanes > 16
        || iterations < 1
        || iterations > 64
        || memoryKiB < 8 * lanes
        || memoryKiB > MAXIMUM_KIB) {
      throw new BarmanException(
          ErrorCode.INVALID_VALUE,
          "Argon2id with " + memoryKiB + " KiB, " + iterations + " iterations and " + lanes
              + " lanes is not possible here",
          "choose up to 1 GiB, 64 iterations and 16 lanes");
    }
  }

  /**
   * The key of {@link GcmKey#BYTES} bytes. Takes some tenths of a second and {@link #memoryKiB} of heap with the defaults.
   *
   * @param passphrase its UTF-8 bytes are used as they are
   * @param salt 16 random bytes
   */
  public byte[] derive(Secret passphrase, byte[] salt) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
        .withVersion(Argon2Parameters.ARGON2_VERSION_13)
        .withMemoryAsKB(memoryKiB)
        .withIterations(iterations)
        .withParallelism(lanes)
        .withSalt(salt)
        .build());
    byte[] key = new byte[GcmKey.BYTES];
    byte[] text = passphrase.reveal().getBytes(StandardCharsets.UTF_8);
    try {
      generator.generateBytes(text, key);
    } finally {
      Arrays.fill(text, (byte) 0);
    }
    return key;
  }
}
