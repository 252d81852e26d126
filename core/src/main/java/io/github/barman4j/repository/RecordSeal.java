package io.github.barman4j.repository;

import io.github.barman4j.IntegrityException;
import io.github.barman4j.codec.GcmKey;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Seals small records that lie outside of the store, such as those of a receiver's spool, for one purpose. Thread-safe.
 *
 * <p>A sealed record is {@link #OVERHEAD_BYTES} longer than the plain one and explains itself:
 *
 * <pre>
 * 16 bytes   run: drawn at random when this object was made
 * u64        number of the record in the run, from 0
 *            the plain bytes, encrypted with AES-256-GCM, and the tag of 16 bytes
 * </pre>
 *
 * <p>The key is derived from the repository's data key, the run and the purpose; the nonce is the number. Runs never share a key, and within a
 * run numbers only grow, so sealing other bytes for the same position, before or after a restart, is safe. Purpose and position are
 * authenticated: a record opens nowhere else.
 */
public final class RecordSeal {
  public static final int OVERHEAD_BYTES = 16 + Long.BYTES + GcmKey.TAG_BYTES;

  private static final int RUN_BYTES = 16;
  private static final int KEPT_KEYS = 8;

  private final DataKey key;
  private final String purpose;
  private final byte[] run;
  private final GcmKey ownKey;
  private final AtomicLong next = new AtomicLong();
  private final Map<ByteBuffer, GcmKey> otherKeys = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<ByteBuffer, GcmKey> eldest) {
      return size() > KEPT_KEYS;
    }
  };

  RecordSeal(DataKey key, String purpose, SecureRandom random) {
    this.key = key;
    this.purpose = purpose;
    this.run = new byte[RUN_BYTES];
    random.nextBytes(run);
    this.ownKey = key.ofRecords(run, purpose);
  }

  /** @param position where the record belongs, by the caller's own measure */
  public byte[] seal(long position, byte[] bytes) {
    return seal(position, bytes, 0, bytes.length);
  }

  /** @param position where the record belongs, by the caller's own measure */
  public byte[] seal(long position, byte[] bytes, int offset, int length) {
    long number = next.getAndIncrement();
    byte[] sealed = new byte[OVERHEAD_BYTES + length];
    ByteBuffer.wrap(sealed).put(run).putLong(number);
    ownKey.seal(
        nonce(number), associated(position), bytes, offset, length, sealed, RUN_BYTES + Long.BYTES);
    return sealed;
  }

  /**
   * The plain bytes of a record that this or another run has sealed for the same purpose and position.
   *
   * @throws IntegrityException when it is not that
   */
  public byte[] open(long position, byte[] sealed) {
    return open(position, sealed, 0, sealed.length);
  }

  /** Like {@link #open(long, byte[])}, from a part of an array. */
  public byte[] open(long position, byte[] sealed, int offset, int length) {
    if (length < OVERHEAD_BYTES) {
      throw Damage.in(purpose, "a record of " + length + " bytes is cut short");
    }
    byte[] from = Arrays.copyOfRange(sealed, offset, offset + RUN_BYTES);
    long number = ByteBuffer.wrap(sealed, offset + RUN_BYTES, Long.BYTES).getLong();
    int header = RUN_BYTES + Long.BYTES;
    byte[] plain = new byte[length - OVERHEAD_BYTES];
    try {
      keyOf(from)
          .open(
              nonce(number),
              associated(position),
              sealed,
              offset + header,
              length - header,
              plain,
              0);
    } catch (IntegrityException e) {
      throw Damage.in(purpose, "the record at " + position + ": " + e.problem(), e);
    }
    return plain;
  }

  private GcmKey keyOf(byte[] from) {
    if (Arrays.equals(from, run)) {
      return ownKey;
    }
    synchronized (otherKeys) {
      return otherKeys.computeIfAbsent(
          ByteBuffer.wrap(from), each -> key.ofRecords(each.array(), purpose));
    }
  }

  private static byte[] nonce(long number) {
    return ByteBuffer.allocate(GcmKey.NONCE_BYTES).putInt(0).putLong(number).array();
  }

  private static byte[] associated(long position) {
    return ByteBuffer.allocate(Long.BYTES).putLong(position).array();
  }
}
