package io.github.barman4j.it.crash;

import io.github.barman4j.BarmanException;
import io.github.barman4j.EventSink;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.engine.RunningReceiver;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.restore.RestoreRequest;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** What is crashed. */
enum Operation {
  BACKUP {
    @Override
    void run(Place place, ServerConnection server, EventSink events, BooleanSupplier stopped) {
      Engine.open(place.configuration(server), events).backup(BackupRequest.defaults());
    }
  },
  RECEIVE {
    @Override
    void run(Place place, ServerConnection server, EventSink events, BooleanSupplier stopped) {
      ReceiveRequest request = new ReceiveRequest(Bench.SLOT, true, false);
      try (RunningReceiver receiver =
          Engine.open(place.configuration(server), events).startReceiver(request)) {
        while (!stopped.getAsBoolean() && !receiver.awaitEnd(POLL)) {
          continue;
        }
      }
    }
  },
  RESTORE {
    @Override
    void run(Place place, ServerConnection server, EventSink events, BooleanSupplier stopped) {
      RestoreRequest request = RestoreRequest.to(place.restored())
          .owner(System.getProperty("user.name"))
          .build();
      Engine.open(place.configuration(null), events).restore(request);
    }
  },
  DELETE {
    @Override
    void run(Place place, ServerConnection server, EventSink events, BooleanSupplier stopped) {
      Engine engine = Engine.open(place.configuration(null), events);
      engine.delete(engine.planDelete("oldest"));
    }
  };

  private static final Duration POLL = Duration.ofMillis(20);

  /**
   * Does it, from the beginning to the end.
   *
   * @param stopped tells the one that has no end of its own to stop
   * @throws BarmanException when it fails
   */
  abstract void run(
      Place place, ServerConnection server, EventSink events, BooleanSupplier stopped);
}
