package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.fault.Injection;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.workload.TableHashes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Breaks a drill's server, or the host that keeps its backups. Before each fault of a server that runs, the content of its tables is
 * noted, to be compared with what comes back. For one thread.
 */
public final class Faults {
  private final Stage stage;
  private final Deque<Damage> unhealed = new ArrayDeque<>();
  private final Map<Injection, TableHashes> tablesBefore = new HashMap<>();
  private @Nullable Loss loss;
  private boolean receiving;

  Faults(Stage stage) {
    this.stage = stage;
  }

  /**
   * The end of the server, and what was known just before.
   *
   * @param flushed what the receiver had acknowledged; empty when none ran
   */
  record Loss(long nanos, TableHashes tables, Optional<Lsn> flushed) {}

  /**
   * Breaks the server; there is no healing but a recovery.
   *
   * @throws BarmanException DRILL_CONFIGURATION for a fault that needs what is not there, a receiver or a server that runs
   */
  public Injection inject(Fault.OfServer fault) {
    if (fault instanceof Fault.DeleteDataDirectory) {
      require(loss != null, "only a server that was killed or stopped loses its disk");
      return fault.inject(stage.primary());
    }
    require(loss == null, "the server was lost before");
    if (fault instanceof Fault.HoldBackReceiver) {
      require(receiving, "there is no receiver that could be held back");
    }
    TableHashes tables = stage.primary().hashes();
    boolean ends = fault instanceof Fault.KillServer || fault instanceof Fault.StopServer;
    Optional<Lsn> flushed = Optional.empty();
    if (ends) {
      flushed = receiving ? Optional.of(stage.host().flushed()) : flushed;
      stage.host().serverBroken();
    }
    Injection injection = fault.inject(stage.primary());
    if (ends) {
      loss = new Loss(injection.nanos(), tables, flushed);
    }
    tablesBefore.put(injection, tables);
    stage.tell("injected: " + fault);
    return injection;
  }

  /**
   * Breaks the backup host.
   *
   * @return closing it heals; what is not closed heals when the drill ends
   * @throws BarmanException DRILL_CONFIGURATION for KillReceiver, whose receiver is a process of its own, which only the catalogue has
   */
  public Damage inject(Fault.OfHost fault) {
    require(
        !(fault instanceof Fault.KillReceiver),
        "the receiver of a scenario of one's own is no process of its own");
    Damage damage = fault.inject(stage.host());
    unhealed.push(damage);
    stage.tell("injected: " + fault);
    return damage;
  }

  /** Of the server that was stopped or killed. */
  Optional<Loss> loss() {
    return Optional.ofNullable(loss);
  }

  TableHashes tablesBefore(Injection injection) {
    TableHashes tables = tablesBefore.get(injection);
    if (tables == null) {
      throw misused("the fault " + injection.fault() + " was not injected in this drill");
    }
    return tables;
  }

  void startReceiver() {
    stage.host().startReceiver();
    receiving = true;
  }

  void stopReceiver() {
    receiving = false;
    stage.host().stopReceiver();
  }

  boolean isReceiving() {
    return receiving;
  }

  void heal() {
    while (!unhealed.isEmpty()) {
      unhealed.pop().close();
    }
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw misused(otherwise);
    }
  }

  static BarmanException misused(String problem) {
    return new BarmanException(
        ErrorCode.DRILL_CONFIGURATION, problem, "change the order of the scenario's steps");
  }
}
