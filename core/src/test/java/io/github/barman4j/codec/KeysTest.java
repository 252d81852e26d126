package io.github.barman4j.codec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.Secret;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The three functions against figures of others: a mistake in them could not be seen by encrypting and decrypting with ourselves. */
class KeysTest {
  private static final byte[] NOTHING = {};

  /** McGrew and Viega, "The Galois/Counter Mode of Operation", test case 16. */
  @Test
  void sealsAsTheAuthorsOfGcm() {
    GcmKey key =
        new GcmKey(hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"));
    byte[] nonce = hex("cafebabefacedbaddecaf888");
    byte[] associated = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
    byte[] plain = hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
    byte[] sealed = new byte[plain.length + GcmKey.TAG_BYTES];
    assertThat(key.seal(nonce, associated, plain, 0, plain.length, sealed, 0))
        .isEqualTo(sealed.length);
    assertThat(sealed)
        .isEqualTo(hex("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
            + "76fc6ece0f4e1768cddf8853bb2d551b"));
    byte[] opened = new byte[plain.length];
    assertThat(key.open(nonce, associated, sealed, 0, sealed.length, opened, 0))
        .isEqualTo(plain.length);
    assertThat(opened).isEqualTo(plain);
  }

  @Test
  void opensNothingThatDiffersInABit() {
    GcmKey key = new GcmKey(new byte[32]);
    byte[] sealed = new byte[5 + GcmKey.TAG_BYTES];
    byte[] nonce = new byte[12];
    key.seal(nonce, new byte[1], "plain".getBytes(US_ASCII), 0, 5, sealed, 0);
    for (int bit = 0; bit < 8 * sealed.length; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(key, nonce, new byte[1], changed);
    }
    byte[] otherNonce = nonce.clone();
    otherNonce[11] = 1;
    assertRefused(key, otherNonce, new byte[1], sealed);
    assertRefused(key, nonce, new byte[2], sealed);
    assertRefused(new GcmKey(hex("01" + "00".repeat(31))), nonce, new byte[1], sealed);
    for (int length = 0; length < sealed.length; length++) {
      assertRefused(key, nonce, new byte[1], Arrays.copyOf(sealed, length));
    }
  }

  /** RFC 5869, appendix A, test cases 1 and 3; the first 32 bytes. */
  @Test
  void derivesAsTheRfcOfHkdf() {
    assertThat(KeyDerivation.derive(
            hex("0b".repeat(22)), hex("000102030405060708090a0b0c"), hex("f0f1f2f3f4f5f6f7f8f9")))
        .isEqualTo(hex("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf"));
    assertThat(KeyDerivation.derive(hex("0b".repeat(22)), NOTHING, NOTHING))
        .isEqualTo(hex("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d"));
  }

  /** The test of the reference implementation, test.c, Argon2id version 1.3. */
  @ParameterizedTest
  @CsvSource({
    "256,2,1,9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe",
    "256,2,2,6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037",
    "65536,2,1,09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7",
  })
  void derivesAsTheReferenceOfArgon2(int memoryKiB, int iterations, int lanes, String expected) {
    assertThat(new Argon2(memoryKiB, iterations, lanes)
            .derive(Secret.of("password"), "somesalt".getBytes(US_ASCII)))
        .isEqualTo(hex(expected));
  }

  @ParameterizedTest
  @CsvSource({"2097152,1,1", "64,65,1", "64,1,17", "7,1,1", "64,0,1", "64,1,0", "-1,1,1"})
  void refusesToBeAskedForAllMemoryOrAYear(int memoryKiB, int iterations, int lanes) {
    assertThatThrownBy(() -> new Argon2(memoryKiB, iterations, lanes))
        .isInstanceOf(BarmanException.class);
  }

  private static void assertRefused(GcmKey key, byte[] nonce, byte[] associated, byte[] sealed) {
    assertThatThrownBy(() -> key.open(nonce, associated, sealed, 0, sealed.length, new byte[64], 0))
        .isInstanceOf(IntegrityException.class);
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text);
  }
}
