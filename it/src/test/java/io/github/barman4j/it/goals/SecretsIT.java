package io.github.barman4j.it.goals;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.it.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is no secret to Maven is refused without being repeated; {@link NoSecretAnywhereIT} has the rest. */
class SecretsIT {
  private static EmbeddedCluster server;

  @TempDir
  private Path folder;

  @BeforeAll
  static void startServer() {
    server = EmbeddedCluster.builder(TestPostgres.newest()).start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void neverSendsCipherTextAsAPassword() throws IOException {
    String cipher = "{jSMOWnoPFgsHVpMvz5VrIt5kRbzGpI8u+9EF1iFQyJQ=}";
    MavenCall.Result result = call(
            "check",
            "-X",
            "-s",
            settings(cipher).toString(),
            "-Dsettings.security=" + folder.resolve("no-such-file.xml"),
            "-Dbarman.serverId=db")
        .run();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.firstErrorLine()).startsWith("BRM-103: the password of server 'db'");
    assertThat(result.output()).doesNotContain(cipher);
  }

  @Test
  void refusesAPasswordInThePomWithoutRepeatingIt() throws IOException {
    Files.writeString(folder.resolve("pom.xml"), """
        <project>
          <modelVersion>4.0.0</modelVersion>
          <groupId>org.example</groupId>
          <artifactId>app</artifactId>
          <version>1</version>
          <packaging>pom</packaging>
          <build>
            <plugins>
              <plugin>
                <groupId>io.github.barman4j</groupId>
                <artifactId>barman-maven-plugin</artifactId>
                <configuration>
                  <password>hunter2</password>
                </configuration>
              </plugin>
            </plugins>
          </build>
        </project>
        """);
    MavenCall.Result result = call("check").run();
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.firstErrorLine()).startsWith("BRM-101: the POM configures <password>");
    assertThat(result.output()).doesNotContain("hunter2");
  }

  private MavenCall call(String goal, String... arguments) {
    return MavenCall.of(folder, goal, arguments).on(server).with("-Dbarman.repository=repository");
  }

  private Path settings(String password) throws IOException {
    return Files.writeString(
        folder.resolve("settings.xml"), """
        <settings>
          <servers>
            <server>
              <id>db</id>
              <username>%s</username>
              <password>%s</password>
            </server>
          </servers>
        </settings>
        """.formatted(server.user(), password));
  }
}
