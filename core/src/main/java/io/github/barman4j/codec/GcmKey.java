package io.github.barman4j.codec;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * A key for AES-256-GCM (NIST SP 800-38D). Thread-safe.
 *
 * <p>Under one key no nonce may ever seal twice: whoever makes a key says in its documentation why that cannot happen.
 */
public final class GcmKey {
  public static final int BYTES = 32;
  public static final int NONCE_BYTES = 12;

  /** What sealing adds. */
  public static final int TAG_BYTES = 16;

  private static final String TRANSFORMATION = "AES/GCM/NoPadding";

  private final SecretKeySpec key;

  /** @param key {@link #BYTES} bytes; copied */
  public GcmKey(byte[] key) {
    if (key.length != BYTES) {
      throw new IllegalArgumentException("a key has " + BYTES + " bytes, not " + key.length);
    }
    this.key = new SecretKeySpec(key, "AES");
  }

  /**
   * Encrypts and authenticates.
   *
   * @param associated authenticated too, and not stored
   * @param target has room for {@code length + TAG_BYTES}
   * @return how many bytes were written
   */
  public int seal(
      byte[] nonce,
      byte[] associated,
      byte[] plain,
      int offset,
      int length,
      byte[] target,
      int targetOffset) {
    try {
      return cipher(Cipher.ENCRYPT_MODE, nonce, associated)
          .doFinal(plain, offset, length, target, targetOffset);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM cannot encrypt", e);
    }
  }

  /**
   * Decrypts what {@link #seal} wrote with the same nonce and associated bytes.
   *
   * @return how many plain bytes were written
   * @throws IntegrityException when a byte differs, or it was sealed with another key
   */
  public int open(
      byte[] nonce,
      byte[] associated,
      byte[] sealed,
      int offset,
      int length,
      byte[] target,
      int targetOffset) {
    if (length < TAG_BYTES) {
      throw damaged("encrypted bytes are cut short", null);
    }
    try {
      return cipher(Cipher.DECRYPT_MODE, nonce, associated)
          .doFinal(sealed, offset, length, target, targetOffset);
    } catch (AEADBadTagException e) {
      throw damaged("encrypted bytes were changed, moved or cut, or belong to another key", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM cannot decrypt", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce, byte[] associated) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(TRANSFORMATION);
    cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
    cipher.updateAAD(associated);
    return cipher;
  }

  private static IntegrityException damaged(String problem, @Nullable Throwable cause) {
    return new IntegrityException(
        ErrorCode.REPOSITORY_DAMAGED,
        problem,
        "restore the object from a copy of the repository, and check the disk",
        cause);
  }
}
