package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.barman4j.EventSink;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.engine.RunningReceiver;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.verify.VerifyRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A byte of the newest backup's catalog entry has changed: every goal says so, and everything else goes on. */
@Timeout(180)
class DamagedEntryIT {
  @TempDir
  private Path folder;

  @Test
  void isSaidByEveryGoalAndStopsNoneThatCanDoWithoutIt() throws IOException {
    try (EmbeddedCluster server = EmbeddedCluster.builder(TestPostgres.newest()).start()) {
      Engine engine = engine(server);
      CalledGoals offline = CalledGoals.in(folder);
      CalledGoals live = offline.on(server);
      try (RunningReceiver receiver = engine.startReceiver(ReceiveRequest.defaults())) {
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(receiver::isStreaming);
        Backup first = engine.backup(BackupRequest.defaults()).backup();
        Backup second = engine.backup(BackupRequest.defaults()).backup();
        assertThat(second.parent()).contains(first.id());
        assertThat(live.answer("check").get("passed").asBoolean()).isTrue();
        flip(second);

        saysSo(offline, live, first, second);
        assertThat(offline.run(
                "restore", "barman.restoreTo=restored", "barman.owner=" + server.fileOwner()))
            .anyMatch(line -> line.contains("restored backup " + first.id()))
            .anyMatch(line -> line.startsWith("WARN")
                && line.contains("entry of backup " + second.id() + " is damaged")
                && line.contains("backup " + first.id() + " is taken instead"));

        Backup third = engine.backup(BackupRequest.defaults()).backup();
        assertThat(third.parent()).contains(first.id());
        assertThat(engine.verify(VerifyRequest.of(third.id().value())).passed()).isTrue();
        engine.delete(engine.planDelete(first.id().value()));
        assertThat(engine.verify(VerifyRequest.of(third.id().value())).passed()).isTrue();
        assertThat(offline.run("delete", "barman.backup=" + second.id()))
            .anyMatch(line -> line.contains("deleted backup " + second.id()));
        assertThat(engine.backups()).containsExactly(third);
        assertThat(engine.verify(VerifyRequest.all()).findings()).isEmpty();
        assertThat(live.answer("check").get("passed").asBoolean()).isTrue();
      }
    }
  }

  private static void saysSo(CalledGoals offline, CalledGoals live, Backup whole, Backup damaged) {
    String id = damaged.id().value();
    JsonNode list = offline.answer("list-backups");
    assertThat(list.get("backups").findValuesAsText("id"))
        .containsExactly(whole.id().value());
    JsonNode entry = list.get("damaged").get(0);
    assertThat(entry.get("id").asText()).isEqualTo(id);
    assertThat(entry.get("code").asText()).isEqualTo("BRM-306");
    assertThat(entry.get("startedAt").asText()).isNotEmpty();
    assertThat(offline.run("list-backups"))
        .anyMatch(line -> line.matches("INFO " + whole.id() + " .*"))
        .anyMatch(line -> line.matches("INFO " + id + "  DAMAGED, begun at .*BRM-306: .*"));
    assertThat(offline.broken("show-backup", "barman.backup=" + id))
        .startsWith("BRM-306: object 'main/backups/" + id + ".json' is damaged")
        .contains("\nHINT: put the object back from a copy of the repository");
    assertThat(live.bad("check")).contains("backups");
    for (String selector : List.of("all", "latest", id)) {
      assertThat(offline.bad("verify-backup", "barman.backup=" + selector, "barman.dryRun=true"))
          .contains("backup " + id + ": backups/" + id + ".json", "is damaged");
    }
    assertThat(offline.broken("delete", "barman.backup=latest"))
        .startsWith("BRM-306")
        .contains("delete it by its whole id");
    assertThat(live.run("status"))
        .anyMatch(
            line -> line.contains("WARNING") && line.contains(id) && line.contains("damaged"));
    assertThat(offline.answer("recoverable").get("damaged").findValuesAsText("id"))
        .containsExactly(id);
    assertThat(offline.broken(
            "restore", "barman.restoreTo=named", "barman.backup=" + id, "barman.dryRun=true"))
        .startsWith("BRM-614: backup '" + id + "', which was named, cannot be restored");
  }

  private void flip(Backup backup) throws IOException {
    Path entry = folder.resolve("repository/main/backups/" + backup.id() + ".json");
    byte[] content = Files.readAllBytes(entry);
    content[content.length / 2] ^= 4;
    Files.write(entry, content);
  }

  private Engine engine(EmbeddedCluster server) {
    return Engine.open(
        EngineConfiguration.of(
            folder.resolve("repository"),
            "main",
            new ServerConnection(server.jdbcUrl("postgres"), server.user(), server.password())),
        EventSink.NONE);
  }
}
