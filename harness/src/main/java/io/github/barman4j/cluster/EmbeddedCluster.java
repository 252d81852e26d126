package io.github.barman4j.cluster;

import io.github.barman4j.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A server from binaries on this machine, on a port of its own of the loopback interface.
 *
 * <p>Either a new cluster (data checksums, SCRAM passwords over TCP, superuser {@code postgres}) or an existing data directory, such
 * as a restored one, which is not deleted by {@link #close()}.
 */
public final class EmbeddedCluster extends ServerCluster {
  private static final int PORT_ATTEMPTS = 5;

  private final Programs programs;
  private final List<Long> leakedSharedMemory = new ArrayList<>();

  private EmbeddedCluster(
      Programs programs,
      RunFolder folder,
      Path dataDirectory,
      Map<String, String> commandLine,
      Secret password) {
    super(folder, dataDirectory, commandLine, password);
    this.programs = programs;
  }

  /** With a folder of its own in the machine's temporary folder. */
  public static ClusterBuilder<EmbeddedCluster> builder(PostgresBinaries binaries) {
    return builder(binaries, RunFolder::create);
  }

  /** @param folders makes the folder for the server's files */
  static ClusterBuilder<EmbeddedCluster> builder(
      PostgresBinaries binaries, RunFolder.Maker folders) {
    return new ClusterBuilder<>(new Programs(binaries, folders));
  }

  /** Programs of this machine that make clusters. */
  private record Programs(PostgresBinaries binaries, RunFolder.Maker folders)
      implements ClusterBuilder.Kind<EmbeddedCluster> {
    @Override
    public String version() {
      return binaries.version();
    }

    @Override
    public RunFolder newFolder() {
      return folders.create("cluster");
    }

    @Override
    public Command.Result initialize(RunFolder folder, Path dataDirectory, List<String> options) {
      List<String> command = new ArrayList<>(List.of(binaries.program("initdb").toString()));
      command.addAll(options);
      return Command.run(folder.account().command(command), folder.path());
    }

    @Override
    public EmbeddedCluster cluster(
        RunFolder folder, Path dataDirectory, Map<String, String> commandLine, Secret password) {
      return new EmbeddedCluster(this, folder, dataDirectory, commandLine, password);
    }
  }

  @Override
  ServerRun run(Map<String, String> settings) {
    settings.put("port", Integer.toString(port()));
    settings.put("listen_addresses", "127.0.0.1");
    List<String> command = new ArrayList<>();
    command.add(binaries().program("postgres").toString());
    command.add("-D");
    command.add(dataDirectory().toString());
    settings.forEach((name, value) -> {
      command.add("-c");
      command.add(name + "=" + value);
    });
    return ServerProcess.start(
        folder().account().command(command), folder().path(), dataDirectory(), log());
  }

  @Override
  Command.Result execute(List<String> command) {
    List<String> local = new ArrayList<>(command);
    local.set(0, binaries().program(command.get(0)).toString());
    return Command.run(folder().account().command(local), folder().path());
  }

  @Override
  boolean isPortTaken(int attempt) {
    return attempt < PORT_ATTEMPTS && log().linesWith("Address already in use").size() >= attempt;
  }

  @Override
  public long kill() {
    OptionalLong sharedMemory =
        isRunning() ? ServerProcess.sharedMemoryId(dataDirectory()) : OptionalLong.empty();
    long nanos = super.kill();
    sharedMemory.ifPresent(leakedSharedMemory::add);
    return nanos;
  }

  /** A killed server's next start removes it; without a next start it stays as long as the machine runs. */
  @Override
  void removeTraces() {
    for (long id : leakedSharedMemory) {
      Command.run(List.of("ipcrm", "-m", Long.toString(id)), null);
    }
    leakedSharedMemory.clear();
  }

  @Override
  public void setClock(Duration ahead) {
    throw new IllegalStateException("a process has the clock of its machine");
  }

  public PostgresBinaries binaries() {
    return programs.binaries();
  }

  @Override
  public String version() {
    return programs.version();
  }

  @Override
  public Address addressForServers() {
    return new Address("127.0.0.1", port());
  }

  @Override
  public ClusterBuilder<EmbeddedCluster> sibling() {
    return new ClusterBuilder<>(programs);
  }
}
