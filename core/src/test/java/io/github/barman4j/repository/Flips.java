package io.github.barman4j.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.barman4j.IntegrityException;
import io.github.barman4j.store.InMemoryObjectStore;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Damages objects, one bit or byte at a time, and expects a reader to notice. */
final class Flips {
  private Flips() {}

  static void everyBitOf(InMemoryObjectStore store, String key, ThrowingCallable read) {
    flip(store, key, 1, read);
  }

  static void everyByteOf(InMemoryObjectStore store, String key, ThrowingCallable read) {
    flip(store, key, 8, read);
  }

  /** Also shortens and lengthens the object, and in the end leaves it as it was. */
  private static void flip(InMemoryObjectStore store, String key, int step, ThrowingCallable read) {
    byte[] sound = store.get(key);
    for (int at = 0; at < sound.length; at++) {
      for (int bit = step == 8 ? at % 8 : 0; bit < 8; bit += step) {
        byte[] damaged = sound.clone();
        damaged[at] ^= (byte) (1 << bit);
        store.overwrite(key, damaged);
        expectDamage(key, read, "bit " + bit + " of byte " + at + " of " + key);
      }
    }
    for (int length = 0; length < sound.length; length += 1 + sound.length / 100) {
      store.overwrite(key, java.util.Arrays.copyOf(sound, length));
      expectDamage(key, read, key + " cut at " + length);
    }
    store.overwrite(key, java.util.Arrays.copyOf(sound, sound.length + 1));
    expectDamage(key, read, key + " with a byte more");
    store.overwrite(key, sound);
    assertThat(catchThrowable(read)).isNull();
  }

  private static void expectDamage(String key, ThrowingCallable read, String what) {
    assertThat(catchThrowable(read))
        .as(what)
        .isInstanceOfSatisfying(
            IntegrityException.class, e -> assertThat(e.problem()).contains(key));
  }
}
