package io.github.barman4j.cluster;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.WaitResponse;
import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One run of a postmaster in a container of its own: the container ends with it, and with the container every process of the server. */
final class ServerContainer implements ServerRun {
  private static final Duration KILLED = Duration.ofSeconds(30);

  private final Docker docker;
  private final String id;
  private final End end = new End();
  private final Follower follower;
  private boolean paused;

  private ServerContainer(Docker docker, String id, ServerLog log) {
    this.docker = docker;
    this.id = id;
    this.follower = new Follower(log);
  }

  /** @throws com.github.dockerjava.api.exception.DockerException when Docker does not start it; nothing is left of it then */
  static ServerContainer start(ContainerSite site, CreateContainerCmd command, ServerLog log) {
    Docker docker = site.docker();
    DockerClient client = docker.client();
    String id = command.exec().getId();
    ServerContainer run = new ServerContainer(docker, id, log);
    boolean started = false;
    try {
      site.note(id);
      client.startContainerCmd(id).exec();
      client.waitContainerCmd(id).exec(run.end);
      client
          .logContainerCmd(id)
          .withStdOut(true)
          .withStdErr(true)
          .withFollowStream(true)
          .exec(run.follower);
      started = true;
      return run;
    } finally {
      if (!started) {
        docker.remove(id);
      }
    }
  }

  /** That the container has ended, as Docker tells it. */
  private static final class End extends ResultCallback.Adapter<WaitResponse> {
    private final CountDownLatch told = new CountDownLatch(1);

    @Override
    public void onNext(WaitResponse response) {
      told.countDown();
    }

    @Override
    public void onError(Throwable cause) {
      told.countDown();
      super.onError(cause);
    }
  }

  /** Makes lines of what comes in pieces. */
  private static final class Follower extends ResultCallback.Adapter<Frame> {
    private final ServerLog log;
    private final CountDownLatch read = new CountDownLatch(1);
    private final LineSplitter lines;

    Follower(ServerLog log) {
      this.log = log;
      this.lines = new LineSplitter(line -> log.add(line, System.nanoTime()));
    }

    @Override
    public void onNext(Frame frame) {
      lines.add(frame.getPayload());
    }

    @Override
    public void onError(Throwable cause) {
      log.add("the server's output ended: " + cause.getMessage(), System.nanoTime());
      read.countDown();
      super.onError(cause);
    }

    @Override
    public void onComplete() {
      lines.finish();
      read.countDown();
      super.onComplete();
    }
  }

  @Override
  public boolean isAlive() {
    return end.told.getCount() > 0;
  }

  @Override
  public void stop(StopMode mode) {
    signal(mode.signal());
  }

  private void signal(String signal) {
    Docker.called("the container of a server could not be signalled", () -> {
      if (isAlive()) {
        docker.client().killContainerCmd(id).withSignal(signal).exec();
      }
      return id;
    });
  }

  @Override
  public boolean awaitEnd(Duration atMost) {
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + atMost.toNanos();
    try {
      while (true) {
        try {
          if (!end.told.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            return false;
          }
          // A reader that has lost its container says so itself; what is known is enough then.
          boolean whole = follower.read.await(5, TimeUnit.SECONDS);
          remove();
          return whole || !isAlive();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The first process of a container takes all others with it: the kernel kills them before it tells that it has ended. */
  @Override
  public long kill() {
    long nanos = System.nanoTime();
    signal("KILL");
    if (!awaitEnd(KILLED)) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER,
          "a container outlived SIGKILL by " + KILLED.toSeconds() + " s",
          "look for a hanging disk");
    }
    return nanos;
  }

  /** Its shared memory goes with the container: the number in its files is none of this machine's. */
  @Override
  public void destroy() {
    kill();
  }

  @Override
  public void suspend(long pid) {
    if (!execute(List.of("sh", "-c", "kill -s STOP " + pid)).succeeded()) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER,
          "process " + pid + " of the server's container could not be stopped",
          "it may have ended");
    }
  }

  @Override
  public void pause() {
    Docker.called(
        "the container of a server could not be paused",
        () -> docker.client().pauseContainerCmd(id).exec());
    paused = true;
  }

  @Override
  public void resume() {
    if (!paused) {
      return;
    }
    paused = false;
    Docker.called("the container of a server could not go on", () -> {
      if (isAlive()) {
        docker.client().unpauseContainerCmd(id).exec();
      }
      return id;
    });
  }

  /** Runs a program in the container to its end. */
  Command.Result execute(List<String> command) {
    return docker.execute(id, command);
  }

  @Override
  public void remove() {
    docker.remove(id);
  }
}
