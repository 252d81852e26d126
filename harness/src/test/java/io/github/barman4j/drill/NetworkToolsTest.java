package io.github.barman4j.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Event;
import io.github.barman4j.cluster.EmbeddedServers;
import io.github.barman4j.cluster.PostgresBinaries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkToolsTest {
  private static final String OFFICIAL = "ghcr.io/shopify/toxiproxy:2.12.0";

  @TempDir
  Path folder;

  private Path program;
  private String path;
  private final List<String> asked = new ArrayList<>();
  private final List<String> told = new ArrayList<>();
  private boolean registry = true;

  @BeforeEach
  void install() throws IOException {
    Path directory = Files.createDirectory(folder.resolve("bin"));
    path = directory.toString();
    program = Files.createFile(
        directory.resolve("toxiproxy-server"),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  private NetworkTools tools(
      @Nullable Path server, @Nullable String image, boolean containers, String onPath) {
    return new NetworkTools(server, image, containers, this::provide, onPath);
  }

  private void provide(String image) {
    asked.add(image);
    if (!registry) {
      throw new BarmanException(
          ErrorCode.DRILL_DOCKER, "image " + image + " is not there and cannot be pulled", "pull");
    }
  }

  private NetworkMeans find(NetworkTools tools) {
    return tools.find(event -> {
      if (event instanceof Event.Info info) {
        told.add(info.text());
      }
    });
  }

  @Test
  void takesTheNamedProgramEverywhere() throws IOException {
    Path named = Files.copy(program, folder.resolve("own"));
    Files.setPosixFilePermissions(named, PosixFilePermissions.fromString("rwx------"));
    for (boolean containers : new boolean[] {true, false}) {
      assertThat(find(tools(named, null, containers, path)))
          .isEqualTo(new NetworkMeans.Program(named));
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void takesTheProgramOnThePathWhereServersAreProcesses() {
    assertThat(find(tools(null, null, false, path))).isEqualTo(new NetworkMeans.Program(program));
    assertThat(asked).isEmpty();
  }

  @Test
  void takesAnImageWhereServersAreContainersThoughAProgramIsOnThePath() {
    assertThat(find(tools(null, null, true, path))).isEqualTo(new NetworkMeans.Image(OFFICIAL));
    assertThat(find(tools(null, "own:1", true, path))).isEqualTo(new NetworkMeans.Image("own:1"));
    assertThat(asked).containsExactly(OFFICIAL, "own:1");
    assertThat(told).isEmpty();
  }

  @Test
  void takesTheProgramWhereTheUsualImageCannotBeHadAndSaysSoOnce() {
    registry = false;
    NetworkTools tools = tools(null, null, true, path);
    tools.requireNamedImage();
    assertThat(find(tools)).isEqualTo(new NetworkMeans.Program(program));
    assertThat(find(tools)).isEqualTo(new NetworkMeans.Program(program));
    assertThat(asked).containsExactly(OFFICIAL);
    assertThat(told)
        .containsExactly("image " + OFFICIAL + " is not there and cannot be pulled; " + program
            + " on this machine breaks the network instead");
  }

  @Test
  void givesBothReasonsWhereThereIsNothing() {
    registry = false;
    assertThat(find(tools(null, null, true, "")))
        .isEqualTo(new NetworkMeans.Nothing("image " + OFFICIAL
            + " is not there and cannot be pulled, and there is no toxiproxy-server on the PATH; pull"
            + " the image by hand, name another as barman.drill.toxiproxyImage, install Toxiproxy"
            + " 2.12.0, or name the program as barman.drill.toxiproxyServer"));
    assertThat(find(tools(null, null, false, "")))
        .isEqualTo(
            new NetworkMeans.Nothing(
                "there is no toxiproxy-server on the PATH; install Toxiproxy 2.12.0, or name the program as barman.drill.toxiproxyServer"));
  }

  /** A user who names an image means that one. */
  @Test
  void failsForANamedImageThatCannotBeHad() {
    registry = false;
    NetworkTools tools = tools(null, "own:1", true, path);
    assertThatThrownBy(tools::requireNamedImage)
        .isInstanceOf(BarmanException.class)
        .hasMessageStartingWith("BRM-707: image own:1 is not there");
    assertThatThrownBy(() -> find(tools)).isInstanceOf(BarmanException.class);
  }

  @Test
  void refusesWhatContradictsItself() {
    assertThatThrownBy(() -> tools(program, "own:1", true, path))
        .hasMessageStartingWith(
            "BRM-701: both barman.drill.toxiproxyServer and barman.drill.toxiproxyImage are set");
    assertThatThrownBy(() -> DrillRequest.builder(
                new EmbeddedServers(new PostgresBinaries(folder, "18.6")), folder)
            .toxiproxyImage("own:1")
            .build())
        .hasMessageStartingWith(
            "BRM-701: barman.drill.toxiproxyImage is set, and the drill's servers are not in containers");
  }
}
