package io.github.barman4j.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.IntegrityException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link ObjectStore} does. */
abstract class ObjectStoreContract {
  private ObjectStore store;

  abstract ObjectStore emptyStore();

  @BeforeEach
  void openStore() {
    store = emptyStore();
  }

  @Test
  void givesBackWhatWasPut() {
    assertThat(store.putIfAbsent("a/b/c", bytes("hello"))).isTrue();
    assertThat(store.get("a/b/c")).isEqualTo(bytes("hello"));
    assertThat(store.size("a/b/c")).isEqualTo(OptionalLong.of(5));
  }

  @Test
  void putIfAbsentLeavesAnExistingObjectAlone() {
    assertThat(store.putIfAbsent("a", bytes("first"))).isTrue();
    assertThat(store.putIfAbsent("a", bytes("second"))).isFalse();
    assertThat(store.get("a")).isEqualTo(bytes("first"));
  }

  @Test
  void onlyOneOfManyWins() throws Exception {
    int writers = 8;
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Future<Boolean>> wins = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        byte[] content = bytes("writer " + i);
        wins.add(threads.submit(() -> {
          start.await();
          return store.putIfAbsent("contended", content);
        }));
      }
      start.countDown();
      int winners = 0;
      int winner = -1;
      for (int i = 0; i < writers; i++) {
        if (wins.get(i).get()) {
          winners++;
          winner = i;
        }
      }
      assertThat(winners).isEqualTo(1);
      assertThat(store.get("contended")).isEqualTo(bytes("writer " + winner));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void anUploadIsInvisibleUntilItIsCommitted() throws IOException {
    try (Upload upload = store.upload("dir/up")) {
      upload.out().write(bytes("part one, "));
      assertThat(store.size("dir/up")).isEmpty();
      assertThat(store.list("")).isEmpty();
      upload.out().write(bytes("part two"));
      upload.commit();
    }
    assertThat(store.get("dir/up")).isEqualTo(bytes("part one, part two"));
  }

  @Test
  void anUploadThatIsClosedLeavesNothing() throws IOException {
    try (Upload upload = store.upload("dir/up")) {
      upload.out().write(bytes("half"));
    }
    assertThat(store.list("")).isEmpty();
    assertThat(store.size("dir/up")).isEmpty();
  }

  @Test
  void commitReplacesAndCommitIfAbsentDoesNot() throws IOException {
    store.putIfAbsent("k", bytes("old"));
    try (Upload upload = store.upload("k")) {
      upload.out().write(bytes("never"));
      assertThat(upload.commitIfAbsent()).isFalse();
    }
    assertThat(store.get("k")).isEqualTo(bytes("old"));
    try (Upload upload = store.upload("k")) {
      upload.out().write(bytes("new"));
      upload.commit();
    }
    assertThat(store.get("k")).isEqualTo(bytes("new"));
    assertThat(store.list("")).containsExactly("k");
  }

  @Test
  void readsRanges() {
    store.putIfAbsent("k", bytes("0123456789"));
    assertThat(store.get("k", 0, 10)).isEqualTo(bytes("0123456789"));
    assertThat(store.get("k", 3, 4)).isEqualTo(bytes("3456"));
    assertThat(store.get("k", 8, 100)).isEqualTo(bytes("89"));
    assertThat(store.get("k", 10, 1)).isEmpty();
    assertThat(store.get("k", 5_000_000_000L, 1)).isEmpty();
    assertThat(store.getFully("k", 9, 1)).isEqualTo(bytes("9"));
    assertThatThrownBy(() -> store.getFully("k", 9, 2))
        .isInstanceOf(IntegrityException.class)
        .hasMessageContaining("'k'");
  }

  @Test
  void readsStreams() throws IOException {
    store.putIfAbsent("k", bytes("stream me"));
    try (InputStream in = store.open("k")) {
      assertThat(in.readAllBytes()).isEqualTo(bytes("stream me"));
    }
  }

  @Test
  void saysThatAnObjectIsMissing() {
    assertThatThrownBy(() -> store.get("no/such"))
        .isInstanceOfSatisfying(BarmanException.class, e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.OBJECT_MISSING);
          assertThat(e.problem()).contains("no/such");
        });
    assertThatThrownBy(() -> store.get("no/such", 0, 1))
        .matches(e -> ObjectStore.isMissing((BarmanException) e));
    assertThatThrownBy(() -> store.open("no/such"))
        .matches(e -> ObjectStore.isMissing((BarmanException) e));
    assertThat(store.size("no/such")).isEmpty();
  }

  @Test
  void listsByPrefixSorted() {
    for (String key : List.of("b/2", "a/x/2", "a/x/10", "a/xy", "a/x/2-b", "c")) {
      store.putIfAbsent(key, bytes(key));
    }
    assertThat(store.list("")).containsExactly("a/x/10", "a/x/2", "a/x/2-b", "a/xy", "b/2", "c");
    assertThat(store.list("a/x")).containsExactly("a/x/10", "a/x/2", "a/x/2-b", "a/xy");
    assertThat(store.list("a/x/")).containsExactly("a/x/10", "a/x/2", "a/x/2-b");
    assertThat(store.list("a/x/2")).containsExactly("a/x/2", "a/x/2-b");
    assertThat(store.list("c/")).isEmpty();
    assertThat(store.list("nothing/here/")).isEmpty();
  }

  @Test
  void deletesAndDoesNotMindAnAbsentObject() {
    store.putIfAbsent("a/k", bytes("x"));
    store.delete("a/k");
    store.delete("a/k");
    assertThat(store.list("")).isEmpty();
    assertThat(store.putIfAbsent("a/k", bytes("y"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "/etc/passwd",
        "a//b",
        "../a",
        "a/../b",
        "a/..",
        ".",
        ".tmp-1",
        "a/.b",
        "a/",
        "a\\b",
        "a b",
        "ä"
      })
  void refusesKeysThatCouldLeaveTheStore(String key) {
    assertThatThrownBy(() -> store.putIfAbsent(key, new byte[0]))
        .isInstanceOf(BarmanException.class);
    assertThatThrownBy(() -> store.get(key)).isInstanceOf(BarmanException.class);
    assertThatThrownBy(() -> store.delete(key)).isInstanceOf(BarmanException.class);
    assertThatThrownBy(() -> store.upload(key)).isInstanceOf(BarmanException.class);
    assertThatThrownBy(() -> store.tryLease(key, "me")).isInstanceOf(BarmanException.class);
  }

  @Test
  void aLeaseHasOneHolderAtATime() {
    assertThat(store.leaseHolder("locks/backup")).isEmpty();
    try (Lease lease = store.tryLease("locks/backup", "the first").orElseThrow()) {
      assertThat(store.tryLease("locks/backup", "the second")).isEmpty();
      assertThat(store.leaseHolder("locks/backup")).hasValue("the first");
      assertThat(store.tryLease("locks/receive", "another purpose"))
          .hasValueSatisfying(Lease::close);
      assertThat(store.tryLease("locks/backup", "the third")).isEmpty();
      lease.close();
      lease.close();
    }
    assertThat(store.leaseHolder("locks/backup")).isEmpty();
    assertThat(store.tryLease("locks/backup", "the next")).hasValueSatisfying(Lease::close);
  }

  @Test
  void leasesAreNotObjects() {
    try (Lease lease = store.tryLease("locks/backup", "me").orElseThrow()) {
      assertThat(lease).isNotNull();
      assertThat(store.list("")).isEmpty();
      assertThat(store.size("locks/backup")).isEmpty();
    }
  }

  @Test
  void sharesHaveAnyNumberOfHolders() {
    Lease first = store.share("locks/use/b", "the first");
    Lease second = store.share("locks/use/b", "the second");
    try (Lease another = store.share("locks/use/b.c", "of another key")) {
      assertThat(another).isNotNull();
      assertThat(store.sharers("locks/use/b")).containsExactlyInAnyOrder("the first", "the second");
      store.discardShares("locks/use/b");
      assertThat(store.sharers("locks/use/b")).containsExactlyInAnyOrder("the first", "the second");
      first.close();
      first.close();
      assertThat(store.sharers("locks/use/b")).containsExactly("the second");
      second.close();
      assertThat(store.sharers("locks/use/b")).isEmpty();
      assertThat(store.sharers("locks/use/b.c")).containsExactly("of another key");
      assertThat(store.list("")).isEmpty();
    }
    assertThat(store.sharers("locks/never")).isEmpty();
    store.discardShares("locks/never");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
