package io.github.barman4j.it.repository;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.BlockHash;
import io.github.barman4j.EventSink;
import io.github.barman4j.Secret;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.engine.RunningReceiver;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.engine.StoredCompression;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.restore.RestoreRequest;
import io.github.barman4j.verify.VerifyRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real server's backup behind a passphrase: nothing that is known of it can be found, and it comes back. */
@Timeout(180)
class EncryptedBackupIT {
  private static final Secret OLD = Secret.of("correct horse battery staple");
  private static final Secret NEW = Secret.of("another one, and longer");
  private static final String ROWS =
      "SELECT count(*), md5(string_agg(word, ',' ORDER BY word)) FROM ";

  @TempDir
  Path directory;

  @Test
  void nothingKnownIsFoundAndEverythingComesBack() throws IOException {
    try (EmbeddedCluster cluster = EmbeddedCluster.builder(TestPostgres.newest())
        .setting("cluster_name", "'house_Wq7Zk2Lp'")
        .start()) {
      cluster.execute(
          "postgres",
          "CREATE ROLE clerk_jx92mqvt PASSWORD 'hunter2_Zq8Lw1Rb'",
          "CREATE TABLE payroll_hh31nd5c (word text)",
          "INSERT INTO payroll_hh31nd5c VALUES ('customer_4711_kR7fQ2xZ9w')",
          "INSERT INTO payroll_hh31nd5c SELECT md5(i::text) FROM generate_series(1, 20000) i");
      cluster.execute("postgres", "CHECKPOINT");
      List<String> known = new ArrayList<>(List.of(
          "house_Wq7Zk2Lp",
          "clerk_jx92mqvt",
          "payroll_hh31nd5c",
          "customer_4711_kR7fQ2xZ9w",
          "log_only_Vb6TgYs3",
          "global/pg_control",
          "postgresql.auto.conf"));
      known.addAll(cluster.query(
          "postgres", "SELECT rolpassword FROM pg_authid WHERE rolname = 'clerk_jx92mqvt'"));
      known.addAll(cluster.query("postgres", "SELECT system_identifier FROM pg_control_system()"));
      assertThat(known).hasSize(9).doesNotContainNull();

      Engine plain = engine(cluster, "plain", null);
      Engine encrypted = engine(cluster, "encrypted", OLD);
      BackupRequest request = uncompressed();
      plain.backup(request);
      Backup first = encrypted.backup(request).backup();
      // What is in the log of the second backup alone.
      cluster.execute("postgres", "INSERT INTO payroll_hh31nd5c VALUES ('log_only_Vb6TgYs3')");
      plain.backup(request);
      Backup second = encrypted.backup(request).backup();
      assertThat(second.parent()).contains(first.id());
      assertThat(second.sizes().newBytes()).isLessThan(first.sizes().newBytes() / 5);

      for (String text : known) {
        assertThat(holders("plain", text)).as("'%s' without encryption", text).isNotEmpty();
        assertThat(holders("encrypted", text)).as("'%s' with encryption", text).isEmpty();
      }

      assertThat(encrypted.verify(VerifyRequest.all()).findings()).isEmpty();
      encrypted.changePassphrase(NEW);
      refusesEveryOtherPassphrase(cluster);
      String expected = cluster.query("postgres", ROWS + "payroll_hh31nd5c").toString();
      RestoreRequest restore = RestoreRequest.to(cluster.newFolder("restored"))
          .owner(cluster.fileOwner())
          .build();
      assertRefused("BRM-311", () -> engine(cluster, "encrypted", OLD).restore(restore));
      assertRefused("BRM-310", () -> engine(cluster, "encrypted", null).restore(restore));
      assertThat(restore.directory()).isEmptyDirectory();
      Engine opened = engine(cluster, "encrypted", NEW);
      assertThat(opened.restore(restore).backup()).isEqualTo(second.id());
      try (EmbeddedCluster restored = EmbeddedCluster.builder(TestPostgres.newest())
          .existing(restore.directory())
          .password(cluster.password())
          .start()) {
        assertThat(restored.query("postgres", ROWS + "payroll_hh31nd5c")).hasToString(expected);
      }
      opened.delete(opened.planDelete(first.id().value()));
      assertThat(opened.verify(VerifyRequest.all()).findings()).isEmpty();
    }
  }

  /** Before anything is touched: in the repository, and on the server. */
  private void refusesEveryOtherPassphrase(EmbeddedCluster cluster) throws IOException {
    Map<Path, String> before = contents();
    Map<String, Engine> engines = Map.of(
        "BRM-310", engine(cluster, "encrypted", null),
        "BRM-311", engine(cluster, "encrypted", OLD),
        "BRM-312", engine(cluster, "plain", NEW));
    engines.forEach((code, engine) -> {
      assertRefused(code, engine::backups);
      assertRefused(code, () -> engine.backup(BackupRequest.defaults()));
      assertRefused(code, () -> engine.verify(VerifyRequest.all()));
      assertRefused(code, () -> engine.planDelete("latest"));
      assertRefused(code, () -> engine.changePassphrase(Secret.of("yet another")));
      assertRefused(code, () -> {
        try (RunningReceiver receiver = engine.startReceiver(ReceiveRequest.defaults())) {
          receiver.awaitEnd(Duration.ofSeconds(60));
        }
      });
    });
    assertThat(contents()).isEqualTo(before);
    assertThat(cluster.query("postgres", "SELECT slot_name FROM pg_replication_slots"))
        .isEmpty();
  }

  private static void assertRefused(String code, ThrowingCallable work) {
    assertThatThrownBy(work).isInstanceOf(BarmanException.class).hasMessageStartingWith(code);
  }

  private Map<Path, String> contents() throws IOException {
    Map<Path, String> contents = new TreeMap<>();
    for (Path file : files(directory)) {
      contents.put(file, BlockHash.of(Files.readAllBytes(file)).hex());
    }
    return contents;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }

  private static BackupRequest uncompressed() {
    BackupRequest usual = BackupRequest.defaults();
    return new BackupRequest(
        null,
        StoredCompression.NONE,
        1,
        usual.wireCompression(),
        usual.maxRateBytes(),
        true,
        false,
        usual.waitTimeout(),
        0,
        usual.retrySleep());
  }

  private Engine engine(EmbeddedCluster cluster, String repository, @Nullable Secret passphrase) {
    EngineConfiguration configuration = EngineConfiguration.of(
        directory.resolve(repository),
        "main",
        new ServerConnection(cluster.jdbcUrl("postgres"), cluster.user(), cluster.password()));
    return Engine.open(
        passphrase == null ? configuration : configuration.withPassphrase(passphrase),
        EventSink.NONE);
  }

  private List<Path> holders(String repository, String text) throws IOException {
    List<Path> holders = new ArrayList<>();
    for (Path file : files(directory.resolve(repository))) {
      if (file.toString().contains(text)
          || new String(Files.readAllBytes(file), ISO_8859_1).contains(text)) {
        holders.add(file);
      }
    }
    return holders;
  }
}
