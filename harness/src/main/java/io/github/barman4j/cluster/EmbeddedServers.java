package io.github.barman4j.cluster;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Servers that are processes of this machine. */
public record EmbeddedServers(PostgresBinaries binaries) implements Servers {
  @Override
  public String kind() {
    return "embedded";
  }

  @Override
  public String version() {
    return binaries.version();
  }

  @Override
  public String origin() {
    return binaries.bin().toString();
  }

  @Override
  public String originProperty() {
    return "barman.drill.postgresBin";
  }

  @Override
  public String remains() {
    return "file or folder";
  }

  @Override
  public Optional<String> whyClocksStay() {
    return Optional.of("processes of this machine have its clock;"
        + " barman.drill.environment=docker can set a server's own");
  }

  @Override
  public Site open() {
    return new Embedded(binaries, RunFolder.create("drill"));
  }

  /** Such a server listens at no network address. */
  @Override
  public Site openIsolated() {
    return new Embedded(binaries, RunFolder.create("restore"));
  }

  private static final class Embedded extends Site {
    private final PostgresBinaries binaries;

    Embedded(PostgresBinaries binaries, RunFolder root) {
      super(root);
      this.binaries = binaries;
    }

    @Override
    public ClusterBuilder<EmbeddedCluster> cluster() {
      return EmbeddedCluster.builder(binaries, this::newFolder);
    }

    @Override
    ServerRun launch(Path dataDirectory, List<String> arguments, ServerLog log) {
      List<String> command =
          new ArrayList<>(List.of(binaries.program("postgres").toString()));
      command.addAll(arguments);
      return ServerProcess.start(
          root().account().command(command), root().path(), dataDirectory, log);
    }

    @Override
    List<String> remains(Path root) {
      return List.of();
    }
  }
}
