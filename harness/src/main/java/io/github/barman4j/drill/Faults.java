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
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Breaks a drill's server, its standby, the host that keeps its backups, or the network. Before each fault of a server that runs, the content of its tables is
 * noted, to be compared with what comes back. For one thread.
 */
public final class Faults {
  private final Stage stage;
  private final Set<Breakable> breakable;
  private final @Nullable StageNetwork network;
  private final Deque<Healing> unhealed = new ArrayDeque<>();
  private final Map<Way, Healing> brokenWays = new EnumMap<>(Way.class);
  private final Map<Injection, TableHashes> tablesBefore = new HashMap<>();
  private @Nullable Loss loss;
  private @Nullable Paused paused;
  private @Nullable Follower standby;
  private boolean promoted;
  private boolean receiving;

  /**
   * @param breakable what the stage was made for
   * @param network null when it is not breakable
   */
  Faults(Stage stage, Set<Breakable> breakable, @Nullable StageNetwork network) {
    this.stage = stage;
    this.breakable = breakable;
    this.network = network;
    if (network != null) {
      stage.host().moveTo(network.connection(Way.BACKUP_HOST));
    }
  }

  /**
   * The end of the server, and what was known just before.
   *
   * @param flushed what the receiver had acknowledged; empty when none ran
   * @param replayed what the standby had; empty when there was none
   */
  record Loss(long nanos, TableHashes tables, Optional<Lsn> flushed, Optional<Lsn> replayed) {}

  /** A server that stands still: nobody can ask it for its tables any more. */
  private record Paused(Healing healing, TableHashes tables) {}

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
    requireServer();
    boolean ends = fault instanceof Fault.KillServer || fault instanceof Fault.StopServer;
    if (!(fault instanceof Fault.KillServer)) {
      requireAwake();
    }
    if (fault instanceof Fault.HoldBackReceiver) {
      require(receiving, "there is no receiver that could be held back");
    }
    Paused still = paused;
    TableHashes tables = still == null ? stage.primary().hashes() : still.tables();
    Optional<Lsn> flushed = Optional.empty();
    Optional<Lsn> replayed = Optional.empty();
    if (ends) {
      flushed = receiving ? Optional.of(stage.host().flushed()) : flushed;
      replayed = Optional.ofNullable(standby).map(Follower::replayed);
      stage.host().serverBroken();
    }
    Injection injection = fault.inject(stage.primary());
    if (ends) {
      loss = new Loss(injection.nanos(), tables, flushed, replayed);
    }
    tablesBefore.put(injection, tables);
    stage.tell("injected: " + fault);
    return injection;
  }

  /**
   * Breaks the server for a while. What it is broken by may be there when the server is lost; then there is nothing to heal.
   *
   * @return closing it heals; what is not closed heals when the drill ends
   * @throws BarmanException DRILL_CONFIGURATION when the server was lost, stands still, or was not made for it
   */
  public Damage inject(Fault.OfServerForAWhile fault) {
    requireServer();
    requireAwake();
    requireBreakable(fault);
    TableHashes tables = stage.primary().hashes();
    stage.host().serverBroken();
    Healing damage = kept(fault, fault.inject(stage.primary()));
    if (fault instanceof Fault.PauseServer) {
      paused = new Paused(damage, tables);
    }
    return damage;
  }

  /**
   * Breaks the standby, or promotes it.
   *
   * @throws BarmanException DRILL_CONFIGURATION when there is none, or it was promoted before
   */
  public Injection inject(Fault.OfStandby fault) {
    Injection injection = fault.inject(unpromoted());
    promoted = fault instanceof Fault.PromoteStandby;
    stage.tell("injected: " + fault);
    return injection;
  }

  /**
   * Breaks the backup host.
   *
   * @return closing it heals; what is not closed heals when the drill ends
   * @throws BarmanException DRILL_CONFIGURATION for KillReceiver, whose receiver is a process of its own, which only the catalogue has;
   *     and when the host was not made for it
   */
  public Damage inject(Fault.OfHost fault) {
    require(
        !(fault instanceof Fault.KillReceiver),
        "the receiver of a scenario of one's own is no process of its own");
    requireBreakable(fault);
    return kept(fault, fault.inject(stage.host()));
  }

  /** Breaks the network between the server and the backup host, as {@link #inject(Fault.OfLink, Way)} does. */
  public Damage inject(Fault.OfLink fault) {
    return inject(fault, Way.BACKUP_HOST);
  }

  /**
   * Breaks the network; each way has one fault at a time.
   *
   * @return closing it heals; what is not closed heals when the drill ends
   * @throws BarmanException DRILL_CONFIGURATION when the scenario did not say beforehand that it breaks the network, and when that way
   *     is broken already; DRILL_NETWORK when it cannot be broken
   */
  public Damage inject(Fault.OfLink fault, Way way) {
    requireBreakable(fault);
    StageNetwork links = Objects.requireNonNull(network);
    require(
        !brokenWays.containsKey(way),
        "the network of the " + way.word() + " is broken already: heal it first");
    // That the engine complains from now on is what is asked for, no news.
    stage.host().serverBroken();
    Healing damage = kept(fault, fault.inject(links.link(way)));
    brokenWays.put(way, damage);
    return damage;
  }

  /** Heals everything that is not healed yet, the last fault first. */
  public void heal() {
    while (!unhealed.isEmpty()) {
      unhealed.peek().close();
    }
  }

  private Healing kept(Fault fault, Damage damage) {
    Healing healing = new Healing(fault, damage);
    unhealed.push(healing);
    stage.tell("injected: " + fault);
    return healing;
  }

  /** Heals once; what could not be healed is not tried again. */
  private final class Healing implements Damage {
    private final Fault fault;
    private final Damage damage;

    Healing(Fault fault, Damage damage) {
      this.fault = fault;
      this.damage = damage;
    }

    @Override
    public void close() {
      if (unhealed.remove(this)) {
        brokenWays.values().remove(this);
        paused = paused != null && paused.healing() == this ? null : paused;
        damage.close();
        stage.tell("healed: " + fault);
      }
    }
  }

  private void requireBreakable(Fault fault) {
    Breakable.neededFor(fault.getClass())
        .filter(needed -> !breakable.contains(needed))
        .filter(needed -> needed != Breakable.NETWORK || network == null)
        .ifPresent(needed -> {
          throw new BarmanException(
              ErrorCode.DRILL_CONFIGURATION,
              fault + " needs a stage that was made for it",
              "let the scenario say " + needed
                  + " in breakable(), the test in @DisasterDrill(breakable = …)");
        });
  }

  private void requireServer() {
    require(loss == null, "the server was lost before");
  }

  /** What asks the server would wait for ever. */
  void requireAwake() {
    require(paused == null, "the server stands still: heal it first");
  }

  /** Makes a standby of the latest backup. */
  Follower startStandby() {
    require(standby == null, "there is a standby already");
    Follower made = Follower.of(stage);
    standby = made;
    return made;
  }

  Follower standby() {
    Follower made = standby;
    if (made == null) {
      throw misused("there is no standby");
    }
    return made;
  }

  /** The standby, as long as it is one. */
  Follower unpromoted() {
    Follower made = standby();
    require(!promoted, "the standby was promoted before");
    return made;
  }

  /** It is none any more. */
  void promoted() {
    promoted = true;
  }

  /** What comes from the server, when everything that it has written is asked for, would never come. */
  void requireWhole(Way way) {
    require(
        !brokenWays.containsKey(way),
        "the network of the " + way.word() + " is broken, so nothing arrives: heal it first");
  }

  /** How to reach the server, by the way of its clients. */
  Optional<StageNetwork> network() {
    return Optional.ofNullable(network);
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

  /** Heals everything, and stops what was made for faults. */
  void close() {
    try (Follower made = standby) {
      heal();
    }
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
