package io.github.barman4j.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class LocalObjectStoreTest extends ObjectStoreContract {
  @TempDir
  private Path directory;

  @Override
  ObjectStore emptyStore() {
    return LocalObjectStore.at(directory.resolve("repository"));
  }

  @Test
  void makesItsDirectoryOnlyWhenItWrites() {
    ObjectStore store = emptyStore();
    assertThat(store.list("")).isEmpty();
    assertThat(store.size("a")).isEmpty();
    assertThat(directory.resolve("repository")).doesNotExist();
    store.putIfAbsent("a/b", new byte[1]);
    assertThat(directory.resolve("repository/a/b")).exists();
  }

  @Test
  void hidesAndDiscardsWhatAKilledProcessLeft() throws IOException {
    ObjectStore store = emptyStore();
    store.putIfAbsent("packs/ab/1", new byte[1]);
    store.putIfAbsent("wal/2", new byte[1]);
    Path inPacks = Files.createFile(directory.resolve("repository/packs/ab/.tmp-1234"));
    Path inWal = Files.createFile(directory.resolve("repository/wal/.tmp-5678"));
    assertThat(store.list("")).containsExactly("packs/ab/1", "wal/2");
    store.discardUnfinished("packs/");
    assertThat(inPacks).doesNotExist();
    assertThat(inWal).exists();
    assertThat(store.list("")).containsExactly("packs/ab/1", "wal/2");
  }

  @Test
  void discardsAnUploadWhenItsProcessHasDiedAndNotBefore() throws Exception {
    ObjectStore store = emptyStore();
    Process uploading = start(UploadingProcess.class, "unused");
    try (var lines = uploading.inputReader(StandardCharsets.UTF_8);
        Upload ours = store.upload("s/locks/ours")) {
      assertThat(lines.readLine()).isEqualTo("uploading");
      store.discardUnfinished("s/");
      store.discardUnfinished("s/locks/any");
      assertThat(temporaries()).hasSize(2);
      uploading.destroyForcibly().waitFor();
      store.discardUnfinished("s/locks/any");
      assertThat(temporaries()).hasSize(1);
      assertThat(ours.commitIfAbsent()).isTrue();
    } finally {
      uploading.destroyForcibly();
    }
    assertThat(temporaries()).isEmpty();
    assertThat(store.list("")).containsExactly("s/locks/ours");
  }

  private List<Path> temporaries() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("repository/s/locks"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(".tmp-"))
          .toList();
    }
  }

  @Test
  void saysWhatIsWrongWithTheDirectory() throws IOException {
    Path file = Files.createFile(directory.resolve("repository"));
    assertThatThrownBy(() -> emptyStore().putIfAbsent("a", new byte[1]))
        .isInstanceOfSatisfying(BarmanException.class, e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.REPOSITORY_IO);
          assertThat(e.problem()).contains("writing object 'a'", file.toString());
        });
  }

  @Test
  @Timeout(60)
  void aLeaseIsRefusedToOtherProcessesAndEndsWithItsProcess() throws Exception {
    ObjectStore store = emptyStore();
    Process holder = start("the other process");
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(holder.getInputStream(), UTF_8))) {
      assertThat(said.readLine()).isEqualTo("taken");
      assertThat(store.leaseHolder("s/locks/backup")).hasValue("the other process");
      assertThat(store.tryLease("s/locks/backup", "me")).isEmpty();
      assertThat(store.leaseHolder("s/locks/backup")).hasValue("the other process");
      holder.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    }
    assertThat(store.leaseHolder("s/locks/backup")).isEmpty();
    assertThat(store.tryLease("s/locks/backup", "me")).hasValueSatisfying(Lease::close);
  }

  /** Closing any channel on a locked file drops a POSIX lock: looking at our own lease must not lose it. */
  @Test
  @Timeout(60)
  void lookingAtALeaseDoesNotLoseIt() throws Exception {
    ObjectStore store = emptyStore();
    try (Lease lease = store.tryLease("s/locks/backup", "me").orElseThrow()) {
      assertThat(lease).isNotNull();
      assertThat(store.leaseHolder("s/locks/backup")).hasValue("me");
      assertThat(emptyStore().tryLease("s/locks/backup", "me again")).isEqualTo(Optional.empty());
      assertThat(emptyStore().leaseHolder("s/locks/backup")).hasValue("me");
      Process other = start("the other process");
      try (BufferedReader said =
          new BufferedReader(new InputStreamReader(other.getInputStream(), UTF_8))) {
        assertThat(said.readLine()).isEqualTo("refused");
      } finally {
        other.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  @Timeout(60)
  void aShareOfAnotherProcessIsSeenAndEndsWithIt() throws Exception {
    ObjectStore store = emptyStore();
    Path shares = directory.resolve("repository/s/locks");
    Process other = start(ShareHolderProcess.class, "the other process");
    try (BufferedReader said =
            new BufferedReader(new InputStreamReader(other.getInputStream(), UTF_8));
        Lease own = store.share("s/locks/backup", "this process")) {
      assertThat(own).isNotNull();
      assertThat(said.readLine()).isEqualTo("taken");
      assertThat(store.sharers("s/locks/backup"))
          .containsExactlyInAnyOrder("the other process", "this process");
      other.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
      assertThat(store.sharers("s/locks/backup")).containsExactly("this process");
      assertThat(shares.toFile().list()).hasSize(2);
      store.discardShares("s/locks/backup");
      assertThat(shares.toFile().list()).hasSize(1);
      assertThat(store.sharers("s/locks/backup")).containsExactly("this process");
    }
    assertThat(shares.toFile().list()).isEmpty();
  }

  private Process start(String holder) throws IOException {
    return start(LeaseHolderProcess.class, holder);
  }

  private Process start(Class<?> program, String holder) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            program.getName(),
            directory.resolve("repository").toString(),
            "s/locks/backup",
            holder)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
