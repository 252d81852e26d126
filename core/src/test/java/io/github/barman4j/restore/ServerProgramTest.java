package io.github.barman4j.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProgramTest {
  private static final Backup BACKUP =
      Backups.of("20261123T060000Z-0001", 1, "0/2000028", "0/2000138", "2026-11-23T06:00:10Z");

  @TempDir
  private Path bin;

  private void program(String says) throws IOException {
    Path program = Files.writeString(bin.resolve("postgres"), "#!/bin/sh\necho '" + says + "'\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
  }

  private void assertRefused(String problem, String hint) {
    assertThatThrownBy(() -> ServerProgram.require(bin, BACKUP))
        .isInstanceOfSatisfying(BarmanException.class, e -> {
          assertThat(e.code()).isEqualTo(ErrorCode.RESTORE_VERSION);
          assertThat(e.problem()).contains(problem);
          assertThat(e.hint()).contains(hint);
        });
  }

  @Test
  void takesTheSameMajor() throws IOException {
    program("postgres (PostgreSQL) 15.19 (Debian 15.19-1)");

    ServerProgram.require(bin, BACKUP);
  }

  @Test
  void refusesAnotherMajor() throws IOException {
    program("postgres (PostgreSQL) 18.6");

    assertRefused("is PostgreSQL 18.6, backup " + BACKUP.id() + " is of 15.4", "PostgreSQL 15");
  }

  @Test
  void refusesAProgramThatIsNotThere() {
    assertRefused("cannot be told", "postgres among them");
  }

  @Test
  void refusesAProgramThatSaysSomethingElse() throws IOException {
    program("hello");

    assertRefused("it says 'hello'", "postgres among them");
  }

  @Test
  void aRestoreAsksBeforeItWrites(@TempDir Path folder) throws IOException {
    program("postgres (PostgreSQL) 18.6");
    StoredCluster cluster = new StoredCluster();
    cluster.archive(folder, "000000010000000000000009").backUp();
    Path directory = folder.resolve("data");
    RestoreRequest request = RestoreRequest.to(directory)
        .owner(System.getProperty("user.name"))
        .postgresBin(bin)
        .build();
    RestorePlan plan = cluster.planner(folder.resolve("spool")).plan(request);

    assertThatThrownBy(() -> cluster.restorer().execute(plan, request))
        .hasMessageContaining("BRM-613");
    assertThat(directory).doesNotExist();
  }
}
