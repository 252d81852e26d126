package io.github.barman4j.cluster;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerConfig;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Info;
import com.github.dockerjava.api.model.PruneType;
import com.github.dockerjava.api.model.PullResponseItem;
import com.github.dockerjava.api.model.WaitResponse;
import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerFetchException;
import org.testcontainers.containers.ContainerLaunchException;

/**
 * Docker as Testcontainers finds it. What is made with its labels is removed by Testcontainers' own reaper when this process dies before
 * it has cleaned up. Safe from any thread.
 *
 * <p>Containers are run through its client rather than as a {@code GenericContainer}: that one waits until a container is up, where a
 * drill measures what happens meanwhile, and cannot be killed and awaited process by process.
 */
record Docker(DockerClient client) {
  private static final long RUN_SECONDS = 120;

  /** @throws BarmanException with code DRILL_DOCKER when Testcontainers cannot use the Docker that answers */
  static Docker connect() {
    return called("Docker cannot be used", () -> {
      Docker docker = new Docker(DockerClientFactory.instance().client());
      docker.requireSharedFolders();
      return docker;
    });
  }

  /** Without root the numbers of users mean others inside, and a server could not write to the files of this machine. */
  private void requireSharedFolders() {
    Info info = client.infoCmd().exec();
    List<String> options = info.getSecurityOptions();
    if (options != null
        && options.stream()
            .anyMatch(option -> option.contains("rootless") || option.contains("userns"))) {
      throw new BarmanException(
          ErrorCode.DRILL_DOCKER,
          "Docker runs without root or gives users other numbers: " + options,
          "drills in containers share files with this machine and need a Docker that keeps the"
              + " numbers of users; the embedded drills need none");
    }
  }

  /**
   * Where Testcontainers has no reaper, a hook of its own removes what is left at the end of this process. In Maven a plugin's classes
   * cannot be loaded any more then; so they are loaded now, by requests like the hook's that match nothing.
   */
  void loadWhatRunsAtExit() {
    for (PruneType type : PruneType.values()) {
      if (type != PruneType.BUILD) {
        called(
            "Docker refused a request",
            () -> client
                .pruneCmd(type)
                .withLabelFilter("io.github.barman4j.drill=" + UUID.randomUUID())
                .exec());
      }
    }
    try {
      Class.forName("org.testcontainers.utility.JVMHookResourceReaper$1");
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("this Testcontainers cleans up in another way", e);
    }
  }

  /**
   * @param property that names the image, for the hint
   * @throws BarmanException with code DRILL_DOCKER when the image is not there and cannot be pulled
   */
  void provide(String image, String property) {
    if (isThere(() -> client.inspectImageCmd(image).exec())) {
      return;
    }
    try {
      String repository = image.contains("@") || image.lastIndexOf(':') > image.lastIndexOf('/')
          ? image
          : image + ":latest";
      client
          .pullImageCmd(repository)
          .exec(new ResultCallback.Adapter<PullResponseItem>())
          .awaitCompletion();
    } catch (DockerException | IllegalStateException e) {
      throw new BarmanException(
          ErrorCode.DRILL_DOCKER,
          "image " + image + " is not there and cannot be pulled: " + lastLine(e),
          "look at its name, pull it by hand, or name another with " + property,
          e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
    if (!isThere(() -> client.inspectImageCmd(image).exec())) {
      throw new BarmanException(
          ErrorCode.DRILL_DOCKER,
          "image " + image + " is not there and cannot be pulled",
          "look at its name, pull it by hand, or name another with " + property);
    }
  }

  /**
   * A container that does not exist yet, with the labels that Testcontainers' reaper looks for. It has no volumes, what an image declares as
   * one is empty memory in it: a volume without a name bears no labels, so nobody finds one that its container has left.
   *
   * @param host to be completed
   */
  CreateContainerCmd container(String image, HostConfig host) {
    return client
        .createContainerCmd(image)
        .withLabels(labels(Map.of()))
        .withHostConfig(host.withTmpFs(declaredVolumes(image)));
  }

  private Map<String, String> declaredVolumes(String image) {
    return called("an image could not be looked at", () -> {
      ContainerConfig config = client.inspectImageCmd(image).exec().getConfig();
      Map<String, ?> volumes = config == null ? null : config.getVolumes();
      return volumes == null
          ? Map.of()
          : volumes.keySet().stream().collect(Collectors.toMap(path -> path, path -> "rw"));
    });
  }

  static Map<String, String> labels(Map<String, String> own) {
    Map<String, String> all = new HashMap<>(DockerClientFactory.DEFAULT_LABELS);
    all.putAll(own);
    return all;
  }

  /** Runs a program in a container to its end and removes the container. */
  Command.Result run(CreateContainerCmd command) {
    return called("a container could not be run", () -> {
      String id = command.exec().getId();
      try {
        client.startContainerCmd(id).exec();
        AtomicInteger exitCode = new AtomicInteger();
        boolean ended = client
            .waitContainerCmd(id)
            .exec(new ResultCallback.Adapter<WaitResponse>() {
              @Override
              public void onNext(WaitResponse response) {
                exitCode.set(response.getStatusCode());
              }
            })
            .awaitCompletion(RUN_SECONDS, TimeUnit.SECONDS);
        if (!ended) {
          throw new BarmanException(
              ErrorCode.DRILL_DOCKER,
              "a container did not end within " + RUN_SECONDS + " s",
              "look at the load of this machine");
        }
        Output output = new Output();
        client
            .logContainerCmd(id)
            .withStdOut(true)
            .withStdErr(true)
            .exec(output)
            .awaitCompletion();
        return new Command.Result(exitCode.get(), output.text());
      } catch (InterruptedException e) {
        throw interrupted(e);
      } finally {
        remove(id);
      }
    });
  }

  /** Runs a program to its end in a container that runs, as the container's user. */
  Command.Result execute(String container, List<String> command) {
    return called("a program could not be run in a container", () -> {
      String id = client
          .execCreateCmd(container)
          .withCmd(command.toArray(String[]::new))
          .withAttachStdout(true)
          .withAttachStderr(true)
          .exec()
          .getId();
      Output output = new Output();
      try {
        if (!client.execStartCmd(id).exec(output).awaitCompletion(RUN_SECONDS, TimeUnit.SECONDS)) {
          throw new BarmanException(
              ErrorCode.DRILL_DOCKER,
              command.get(0) + " did not end within " + RUN_SECONDS + " s",
              "look at the load of this machine");
        }
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
      // Its output may have ended a moment before Docker knows how it has ended.
      AtomicInteger exitCode = new AtomicInteger(-1);
      Poll.until(Duration.ofMillis(5), Duration.ofSeconds(RUN_SECONDS), () -> {
        Long known = client.inspectExecCmd(id).exec().getExitCodeLong();
        if (known != null) {
          exitCode.set(known.intValue());
        }
        return known != null;
      });
      return new Command.Result(exitCode.get(), output.text());
    });
  }

  /** What a program writes, both streams together. */
  private static final class Output extends ResultCallback.Adapter<Frame> {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public void onNext(Frame frame) {
      bytes.writeBytes(frame.getPayload());
    }

    String text() {
      return bytes.toString(StandardCharsets.UTF_8).strip();
    }
  }

  /** Kills a container, if it is there, and removes it. */
  void remove(String id) {
    isThere(() ->
        client.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec());
  }

  List<Container> containers(Map<String, String> labels) {
    return client.listContainersCmd().withShowAll(true).withLabelFilter(labels).exec();
  }

  /** Whether what is asked for or removed was there. */
  boolean isThere(Runnable call) {
    try {
      call.run();
      return true;
    } catch (NotFoundException e) {
      return false;
    } catch (DockerException e) {
      throw failed("Docker refused a request", e);
    }
  }

  /** Work with Docker, whose refusals become errors of ours. */
  static <T> T called(String problem, Supplier<T> work) {
    try {
      return work.get();
    } catch (DockerException
        | IllegalStateException
        | ContainerFetchException
        | ContainerLaunchException e) {
      throw failed(problem, e);
    }
  }

  private static BarmanException failed(String problem, Throwable cause) {
    return new BarmanException(
        ErrorCode.DRILL_DOCKER,
        problem + ": " + lastLine(cause),
        "see the cause; where Testcontainers' own helper image cannot be pulled, set"
            + " TESTCONTAINERS_RYUK_DISABLED=true",
        cause);
  }

  private static String lastLine(Throwable cause) {
    return String.valueOf(cause.getMessage()).strip().replaceAll("\\s*\n\\s*", " ");
  }

  private static BarmanException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new BarmanException(
        ErrorCode.INTERRUPTED, "the work was interrupted", "run the goal again", cause);
  }
}
