package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.cluster.Cluster;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.fault.Injection;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Limits;
import io.github.barman4j.report.ScenarioResult;
import io.github.barman4j.workload.TableHashes;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a scenario of one's own works with: a server to break, writers whose every acknowledged commit is in a ledger, and a host that
 * backs it up and recovers it with the engine alone. For one thread; whoever hands it out closes it.
 *
 * <p>Wrong order, such as a backup of a server that is lost, is a {@link BarmanException} with code DRILL_CONFIGURATION; what the
 * engine or the server refuses has the code of the refusal.
 */
public final class DrillStage {
  private final Stage stage;
  private final OwnRecoveries recoveries;
  private final Faults faults;
  private final List<Check> checks = new ArrayList<>();
  private final List<Backup> backups = new ArrayList<>();
  private final Map<Moment, TableHashes> moments = new HashMap<>();
  private boolean loaded;
  private boolean loading;
  private boolean refused;
  private boolean waitsForReceiver;
  private boolean waitsForStandby;

  /** @param expected the limits of the scenario itself */
  DrillStage(Stage stage, Faults faults, ScenarioInfo info, Limits expected) {
    this.stage = stage;
    this.faults = faults;
    this.recoveries = new OwnRecoveries(stage, info, expected);
  }

  /** How commits wait for who receives the log, the receiver or a standby. */
  public enum Receiving {
    /** No commit is acknowledged before the log is on the disk of who receives it. */
    SYNCHRONOUS,
    /** Commits do not wait. */
    ASYNCHRONOUS
  }

  /** Looks at a restored server while it runs. */
  @FunctionalInterface
  public interface Look {
    /** @return what was found; a check that did not pass fails the scenario */
    List<Check> at(Connection restored) throws SQLException;
  }

  /** To the server that is broken, as a superuser, in the drill's database, whatever happens to the network; the caller closes it. */
  public Connection connect() throws SQLException {
    faults.requireAwake();
    return primary().connect(Primary.DATABASE);
  }

  /**
   * How to reach the server that is broken, for a pool or an application under test: by the network of the clients, which may be broken
   * where the scenario breaks networks.
   */
  public ServerConnection server() {
    return faults
        .network()
        .map(network -> network.connection(Way.CLIENTS))
        .orElseGet(() -> DrillNetwork.direct(stage.primary()));
  }

  public Faults faults() {
    return faults;
  }

  /** Receives the log, and returns when the server streams it, or counts the receiver as synchronous. */
  public void startReceiver(Receiving receiving) {
    requireAwake("a receiver");
    if (faults.isReceiving()) {
      throw Faults.misused("a receiver runs already");
    }
    faults.startReceiver();
    boolean receives = false;
    try {
      stage.primary().requireStreaming(stage.host());
      if (receiving == Receiving.SYNCHRONOUS) {
        waitsForReceiver = true;
        requireSynchronous();
      }
      receives = true;
    } finally {
      if (!receives) {
        faults.stopReceiver();
      }
    }
  }

  /**
   * Makes a standby of the latest backup and returns when it streams, or counts as synchronous; once in a drill. It gets its log from the
   * server alone, by a way that no fault of the network breaks, and becomes the server when it is promoted: the engine keeps asking the
   * one before.
   */
  public void startStandby(Receiving receiving) {
    requireAwake("a standby");
    if (backups.isEmpty()) {
      throw Faults.misused("there is no backup to make a standby of");
    }
    Follower standby = faults.startStandby();
    standby.awaitReplayed(stage.primary());
    if (receiving == Receiving.SYNCHRONOUS) {
      waitsForStandby = true;
      requireSynchronous();
    }
  }

  private void requireSynchronous() {
    Primary primary = stage.primary();
    if (waitsForReceiver && waitsForStandby) {
      primary.requireSynchronous(stage.host(), faults.standby());
    } else if (waitsForReceiver) {
      primary.requireSynchronous(stage.host());
    } else {
      primary.requireSynchronous(faults.standby());
    }
  }

  /** How to reach the standby: it reads, and once it is promoted it writes. */
  public ServerConnection standby() {
    return faults.standby().connection();
  }

  /** Another cluster, for {@link io.github.barman4j.fault.Fault.ConnectElsewhere}; started when it is asked for first. */
  public ServerConnection otherServer() {
    return stage.otherServer();
  }

  /** Commits that wait for a synchronous receiver wait on. */
  public void stopReceiver() {
    faults.stopReceiver();
  }

  /** Lets the drill's writers commit as fast as they can, once in a drill. */
  public void startLoad() {
    requireAwake("a load");
    if (loaded) {
      throw Faults.misused("the load was started before: it runs once in a drill");
    }
    loaded = true;
    loading = true;
    Optional<StageNetwork> network = faults.network();
    if (network.isPresent()) {
      stage.primary().startLoad(stage.request(), network.get()::connect);
    } else {
      stage.primary().startLoad(stage.request());
    }
  }

  public void stopLoad() {
    stage.primary().stopLoad();
    loading = false;
  }

  /** Takes a base backup with the engine. */
  public Backup backup() {
    requireServer("a backup");
    Backup backup = stage.host().backup();
    backups.add(backup);
    stage.tell("backup " + backup.id() + " taken");
    return backup;
  }

  /** Those of this drill that were taken through {@link #backup()}, the oldest first. */
  public List<Backup> backups() {
    return List.copyOf(backups);
  }

  /** Waits until so many more commits are acknowledged; the load must run. */
  public void awaitCommits(int commits) {
    requireAwake("the load");
    if (!loading) {
      throw Faults.misused("nothing commits: start the load first");
    }
    Lsn now = stage.primary().position();
    stage
        .primary()
        .awaitLoad(commits + " more commits", ledger -> ledger.acknowledgedFrom(now) >= commits);
  }

  /**
   * Notes a moment to go back to. The tables but the load's must be at rest: what they hold is compared after the recovery.
   *
   * @param name of the restore point, 1 to 63 bytes
   */
  public Moment moment(String name) {
    requireAwake("a moment");
    Moment moment = stage.primary().query(connection -> Moment.take(connection, name));
    moments.put(moment, stage.primary().hashes());
    return moment;
  }

  /** The complete segments that the archive has, in order. */
  public List<WalSegment> archivedSegments() {
    if (backups.isEmpty()) {
      throw Faults.misused("there is no archive before the first backup");
    }
    return stage.host().archivedSegments(backups.get(0).segmentSize());
  }

  /** Tells the reader of the drill something. */
  public void tell(String text) {
    stage.tell(text);
  }

  /** Something that the scenario has looked at itself; when it did not pass, the scenario fails. */
  public void check(String name, boolean passed, String found) {
    checks.add(new Check(name, passed, found));
  }

  /** Something that the engine must refuse. */
  @FunctionalInterface
  public interface Attempt {
    void run() throws Exception;
  }

  /**
   * Tries what the engine must refuse, within a minute. That it did is counted as a check; when it does not, or says something else, the
   * scenario fails. A recovery that is refused so is no failure.
   *
   * @param name of the check
   * @param codes the refusal has one of them; none of the drill's own
   * @return the refusal; empty when it did not come as it must
   * @throws Exception what the attempt throws that is no refusal
   */
  public Optional<BarmanException> refused(String name, Attempt attempt, ErrorCode... codes)
      throws Exception {
    Set<ErrorCode> expected = Refusal.requireOfTheEngine(List.of(codes));
    Refusal refusal = recoveries.refusing(attempt);
    Check check = refusal.check(name, expected);
    checks.add(check);
    refused = true;
    stage.tell("to be refused, " + name + ": " + check.detail());
    return check.passed() ? Optional.ofNullable(refusal.said()) : Optional.empty();
  }

  /** The same as {@link #recoverLatest(Look)}, and nothing else is looked at. */
  public ScenarioResult recoverLatest() {
    return recoverLatest(restored -> List.of());
  }

  /**
   * Recovers everything there is beside the server, judges it, and stops the restored server. Nothing that was acknowledged may be
   * missing beyond the limits; of a server that was lost also nothing that the receiver had acknowledged. The recovery time counts from
   * the loss; of a server that was not lost, from the plan on, after load and receiver have come to rest.
   */
  public ScenarioResult recoverLatest(Look look) {
    Optional<Faults.Loss> loss = faults.loss();
    if (loss.isPresent()) {
      return recoveries.afterLoss(loss.get(), backups, look);
    }
    rest();
    return recoveries.latest(stage.primary().hashes(), backups, look);
  }

  /** The same as {@link #recoverByPromotion(Look)}, and nothing else is looked at. */
  public ScenarioResult recoverByPromotion() {
    return recoverByPromotion(promoted -> List.of());
  }

  /**
   * Promotes the standby after the loss of the server, and judges it: nothing that was acknowledged may be missing beyond the limits, and
   * nothing that the standby had replayed. The recovery time counts from the loss. It runs on until the drill ends.
   */
  public ScenarioResult recoverByPromotion(Look look) {
    Faults.Loss loss = faults
        .loss()
        .orElseThrow(() -> Faults.misused("no standby replaces a server that is not lost"));
    ScenarioResult result = recoveries.byPromotion(loss, faults.unpromoted(), backups, look);
    faults.promoted();
    return result;
  }

  /** The same as {@link #recoverTo(Moment, Moment.By, Look)}, and nothing else is looked at. */
  public ScenarioResult recoverTo(Moment moment, Moment.By by) {
    return recoverTo(moment, by, restored -> List.of());
  }

  /**
   * Recovers to a moment: nothing before it may be missing, nothing after it may be there. Some commits must lie between the backup and
   * the moment, and some after it, or the drill is inconclusive.
   */
  public ScenarioResult recoverTo(Moment moment, Moment.By by, Look look) {
    TableHashes tables = moments.get(moment);
    if (tables == null) {
      throw Faults.misused("the moment " + moment.name() + " is not of this drill");
    }
    rest();
    return recoveries.to(moment, by, tables, backups, look);
  }

  /** The same as {@link #recoverBefore(Injection, Look)}, and nothing else is looked at. */
  public ScenarioResult recoverBefore(Injection mistake) {
    return recoverBefore(mistake, restored -> List.of());
  }

  /** Recovers to just before a fault that was a transaction, a table that was dropped or emptied, by the transaction's id. */
  public ScenarioResult recoverBefore(Injection mistake, Look look) {
    Injection.CommittedTransaction transaction = mistake
        .transaction()
        .orElseThrow(() -> Faults.misused(mistake.fault() + " is no transaction to go back to"));
    TableHashes tables = faults.tablesBefore(mistake);
    rest();
    return recoveries.before(mistake, transaction, tables, backups, look);
  }

  /** All that was recovered and judged so far, and what the scenario has looked at itself. */
  List<ScenarioResult> results() {
    stage
        .host()
        .takeDoomed()
        .ifPresent(backup -> recoveries.unmet("nothing was restored after the fault that deletes "
            + backup + " in the middle of a restore"));
    return recoveries.results(checks, refused);
  }

  /** Ends the run with what it found, or with what it failed of. */
  List<ScenarioResult> results(Throwable failure) {
    recoveries.failed(failure);
    return results();
  }

  /** What was committed has arrived at the backup host, and nothing more comes. */
  private void rest() {
    if (faults.loss().isEmpty()) {
      faults.requireAwake();
    }
    stopLoad();
    if (faults.isReceiving()) {
      if (faults.loss().isEmpty()) {
        faults.requireWhole(Way.BACKUP_HOST);
        stage.primary().awaitReceived(stage.host());
      }
      faults.stopReceiver();
    }
  }

  private Cluster primary() {
    return stage.primary().cluster();
  }

  private void requireAwake(String what) {
    requireServer(what);
    faults.requireAwake();
  }

  private void requireServer(String what) {
    if (faults.loss().isPresent()) {
      throw Faults.misused(what + " needs the server, which is lost");
    }
  }
}
