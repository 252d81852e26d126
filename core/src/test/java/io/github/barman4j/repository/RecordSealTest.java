package io.github.barman4j.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.IntegrityException;
import io.github.barman4j.store.InMemoryObjectStore;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordSealTest {
  private static final byte[] RECORD = "a piece of the log".getBytes(UTF_8);

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final ServerRepository server =
      Encrypted.create(store, RepositoryOptions.defaults()).server("main");
  private final RecordSeal seal = server.recordSeal("spool").orElseThrow();

  @Test
  void givesBackWhatWasSealedAlsoToTheNextRun() {
    byte[] sealed = seal.seal(42, RECORD);
    assertThat(sealed).hasSize(RECORD.length + RecordSeal.OVERHEAD_BYTES);
    assertThat(seal.open(42, sealed)).isEqualTo(RECORD);
    RecordSeal next = Repository.open(store, KeyRing.of(Encrypted.PASSPHRASE))
        .server("main")
        .recordSeal("spool")
        .orElseThrow();
    assertThat(next.open(42, sealed)).isEqualTo(RECORD);
    assertThat(seal.open(7, next.seal(7, new byte[0]))).isEmpty();
  }

  @Test
  void opensNowhereElse() {
    byte[] sealed = seal.seal(42, RECORD);
    assertThatThrownBy(() -> seal.open(43, sealed)).isInstanceOf(IntegrityException.class);
    assertRefused(server.recordSeal("another").orElseThrow(), sealed);
    assertRefused(
        Repository.open(store, KeyRing.of(Encrypted.PASSPHRASE))
            .server("other")
            .recordSeal("spool")
            .orElseThrow(),
        sealed);
    assertRefused(
        Encrypted.create(new InMemoryObjectStore(), RepositoryOptions.defaults())
            .server("main")
            .recordSeal("spool")
            .orElseThrow(),
        sealed);
    for (int bit = 0; bit < 8 * sealed.length; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(seal, changed);
    }
    for (int length = 0; length < sealed.length; length++) {
      assertRefused(seal, Arrays.copyOf(sealed, length));
    }
  }

  /** The same bytes for the same position, again and after a restart: never the same key and nonce. */
  @Test
  void neverSealsTwiceWithOneKeyAndNonce() {
    Set<String> used = new HashSet<>();
    for (int run = 0; run < 20; run++) {
      RecordSeal each = server.recordSeal("spool").orElseThrow();
      for (int i = 0; i < 20; i++) {
        byte[] sealed = each.seal(42, RECORD);
        assertThat(used.add(Arrays.toString(Arrays.copyOf(sealed, 24)))).isTrue();
        assertThat(seal.open(42, sealed)).isEqualTo(RECORD);
      }
    }
  }

  @Test
  void thereIsNoneWithoutEncryption() {
    assertThat(Repository.openOrCreate(new InMemoryObjectStore(), RepositoryOptions.defaults())
            .server("main")
            .recordSeal("spool"))
        .isEmpty();
  }

  private static void assertRefused(RecordSeal seal, byte[] sealed) {
    assertThatThrownBy(() -> seal.open(42, sealed)).isInstanceOf(IntegrityException.class);
  }
}
