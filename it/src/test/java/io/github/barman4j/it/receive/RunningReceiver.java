package io.github.barman4j.it.receive;

import static org.awaitility.Awaitility.await;

import io.github.barman4j.Event;
import io.github.barman4j.receive.ReceiveSettings;
import io.github.barman4j.receive.StopSignal;
import io.github.barman4j.receive.WalReceiver;
import io.github.barman4j.wal.WalArchive;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A receiver in a thread of this process. */
final class RunningReceiver implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final StopSignal stop = new StopSignal();
  private final WalReceiver receiver;
  private final Thread thread;
  private volatile @Nullable RuntimeException failure;

  private RunningReceiver(ReceiveSettings settings, WalArchive archive) {
    receiver = new WalReceiver(settings, archive, events::add);
    thread = new Thread(this::run, "receiver-under-test");
  }

  static RunningReceiver start(ReceiveSettings settings, WalArchive archive) {
    RunningReceiver running = new RunningReceiver(settings, archive);
    running.thread.start();
    return running;
  }

  static RunningReceiver startAndAwait(ReceiveSettings settings, WalArchive archive) {
    RunningReceiver running = start(settings, archive);
    running.awaitStreaming();
    return running;
  }

  private void run() {
    try {
      receiver.run(stop);
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  WalReceiver receiver() {
    return receiver;
  }

  void awaitStreaming() {
    await().atMost(PATIENCE).until(() -> {
      throwFailure();
      return receiver.status().streaming() && !receiver.status().serverEnd().isInvalid();
    });
  }

  /** Waits for its end and gives what it died of. */
  RuntimeException awaitFailure() {
    await().atMost(PATIENCE).until(() -> !thread.isAlive());
    RuntimeException found = failure;
    if (found == null) {
      throw new AssertionError("the receiver has not failed");
    }
    return found;
  }

  List<String> warnings() {
    return events.stream()
        .filter(Event.Warning.class::isInstance)
        .map(event -> ((Event.Warning) event).text())
        .toList();
  }

  List<String> infos() {
    return events.stream()
        .filter(Event.Info.class::isInstance)
        .map(event -> ((Event.Info) event).text())
        .toList();
  }

  private void throwFailure() {
    RuntimeException found = failure;
    if (found != null) {
      throw found;
    }
  }

  /** Stops it cleanly; throws what it has died of. */
  void stop() {
    stop.raise();
    await().atMost(PATIENCE).until(() -> !thread.isAlive());
    throwFailure();
  }

  @Override
  public void close() {
    stop.raise();
    await().atMost(PATIENCE).until(() -> !thread.isAlive());
  }
}
