package io.github.barman4j.fault;

import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.postgres.WalSegment;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Something that goes wrong: on the server, on the host that keeps the backups, or between the two. */
public sealed interface Fault {

  /** What happens to the server that is backed up. */
  sealed interface OfServer extends Fault {
    /** Injects this fault and returns when it is done. */
    Injection inject(FaultTarget target);
  }

  /** What happens to the server that is backed up and lasts until it is healed. */
  sealed interface OfServerForAWhile extends Fault {
    /** Injects this fault and returns when it is done; closing what it returns heals it. */
    Damage inject(FaultTarget target);
  }

  /** What happens to the host that keeps the backups. */
  sealed interface OfHost extends Fault {
    /** Injects this fault and returns when it is done; closing what it returns heals it. */
    Damage inject(HostTarget target);
  }

  /** What happens to a standby of the server that is backed up. */
  sealed interface OfStandby extends Fault {
    /** Injects this fault and returns when it is done. */
    Injection inject(StandbyTarget target);
  }

  /** What happens to the network between two hosts. */
  sealed interface OfLink extends Fault {
    /** Injects this fault and returns when it is done; closing what it returns heals it. */
    Damage inject(Link link);
  }

  /** SIGKILL for every process of the server. */
  record KillServer() implements OfServer {
    @Override
    public Injection inject(FaultTarget target) {
      return moment(this, target::killServer);
    }
  }

  /** The server is stopped without a checkpoint, as by {@code pg_ctl stop -m immediate}. */
  record StopServer() implements OfServer {
    @Override
    public Injection inject(FaultTarget target) {
      return moment(this, target::stopServer);
    }
  }

  /** The disk under the server is gone; the server runs no more. */
  record DeleteDataDirectory() implements OfServer {
    @Override
    public Injection inject(FaultTarget target) {
      return done(this, target::deleteDataDirectory);
    }
  }

  /** Somebody drops a table, committed. */
  record DropTable(String name) implements OfServer {
    @Override
    public Injection inject(FaultTarget target) {
      return transaction(this, () -> target.dropTable(name));
    }
  }

  /** Somebody empties a table, committed. */
  record TruncateTable(String name) implements OfServer {
    @Override
    public Injection inject(FaultTarget target) {
      return transaction(this, () -> target.truncateTable(name));
    }
  }

  /**
   * Somebody forgets the WHERE of an UPDATE, committed.
   *
   * @param set what every row gets, for instance {@code total = 0}
   */
  record BadUpdate(String table, String set) implements OfServer {
    @Override
    public Injection inject(FaultTarget target) {
      return transaction(this, () -> target.updateEveryRow(table, set));
    }
  }

  /** Somebody drops a replication slot that nobody uses, and the server removes the log that it kept. */
  record DropSlot(String name) implements OfServer {
    @Override
    public Injection inject(FaultTarget target) {
      return done(this, () -> target.dropSlot(name));
    }
  }

  /** The server writes more than {@code max_slot_wal_keep_size} allows to keep for a slot that nobody uses. */
  record ExceedSlotLimit(String name) implements OfServer {
    @Override
    public Injection inject(FaultTarget target) {
      return done(this, () -> target.exceedSlotLimit(name));
    }
  }

  /** Nothing is sent to the receiver for a while, and nothing it says is heard. */
  record HoldBackReceiver(Duration time) implements OfServer {
    @Override
    public Injection inject(FaultTarget target) {
      return done(this, () -> target.holdBackReceiver(time));
    }
  }

  /** The disk changes a bit of a table's page, behind the server's back. */
  record DamagePage(String table, long block) implements OfServer {
    @Override
    public Injection inject(FaultTarget target) {
      return done(this, () -> target.damagePage(table, block));
    }
  }

  /** Every process of the server stands still (SIGSTOP) and keeps its connections; healing lets them go on. */
  record PauseServer() implements OfServerForAWhile {
    @Override
    public Damage inject(FaultTarget target) {
      return target.pauseServer();
    }
  }

  /**
   * The server's clock is wrong from a restart on, and right again from another one on.
   *
   * @param ahead negative for a clock that is behind
   */
  record SkewClock(Duration ahead) implements OfServerForAWhile {
    @Override
    public Damage inject(FaultTarget target) {
      return target.skewClock(ahead);
    }
  }

  /** A segment is gone from the archive. */
  record LoseSegment(WalSegment segment) implements OfHost {
    @Override
    public Damage inject(HostTarget target) {
      return target.loseSegment(segment);
    }
  }

  /**
   * SIGKILL for the process that receives the log; healing starts another. No fault of an own scenario: there the receiver is a thread of the
   * drill, which no signal can kill.
   */
  record KillReceiver() implements OfHost {
    @Override
    public Damage inject(HostTarget target) {
      return target.killReceiver();
    }
  }

  /** The address of the server is that of another cluster. */
  record ConnectElsewhere(ServerConnection other) implements OfHost {
    @Override
    public Damage inject(HostTarget target) {
      return target.connectElsewhere(other);
    }
  }

  /** The disk changes a bit among the blocks that a backup was the first to have. */
  record FlipBit(BackupId backup) implements OfHost {
    @Override
    public Damage inject(HostTarget target) {
      return target.flipBit(backup);
    }
  }

  /** The disk has so many bytes left, and then no more. */
  record FillDisk(long freeBytes) implements OfHost {
    @Override
    public Damage inject(HostTarget target) {
      return target.fillDisk(freeBytes);
    }
  }

  /** The passphrase of the encrypted repository is gone. */
  record LoseKey() implements OfHost {
    @Override
    public Damage inject(HostTarget target) {
      return target.loseKey();
    }
  }

  /** Somebody takes another passphrase for that of the encrypted repository. */
  record MistakeKey() implements OfHost {
    @Override
    public Damage inject(HostTarget target) {
      return target.mistakeKey();
    }
  }

  /** Somebody deletes a backup in the middle of the next restore, whatever that restores. */
  record DeleteWhileRestored(BackupId backup) implements OfHost {
    @Override
    public Damage inject(HostTarget target) {
      return target.deleteWhileRestored(backup);
    }
  }

  /** The standby gets nothing more from its primary. */
  record StallStandby() implements OfStandby {
    @Override
    public Injection inject(StandbyTarget target) {
      return done(this, target::stall);
    }
  }

  /** The standby becomes a primary on a timeline of its own. */
  record PromoteStandby() implements OfStandby {
    @Override
    public Injection inject(StandbyTarget target) {
      return done(this, target::promote);
    }
  }

  /** Each connection is closed when so many bytes more have come from the server. */
  record CutAfter(long bytes) implements OfLink {
    @Override
    public Damage inject(Link link) {
      return link.cutAfter(bytes);
    }
  }

  /** Each connection is reset (RST) when more comes from the server. */
  record ResetConnections() implements OfLink {
    @Override
    public Damage inject(Link link) {
      return link.reset();
    }
  }

  /** Nothing passes any more, and nobody is told: a black hole. */
  record SwallowEverything() implements OfLink {
    @Override
    public Damage inject(Link link) {
      return link.swallow();
    }
  }

  /** What the server sends takes a while. */
  record DelayAnswers(Duration latency, Duration jitter) implements OfLink {
    @Override
    public Damage inject(Link link) {
      return link.delay(latency, jitter);
    }
  }

  /** The link carries so many bytes a second from the server. */
  record LimitRate(long bytesPerSecond) implements OfLink {
    @Override
    public Damage inject(Link link) {
      return link.limitRate(bytesPerSecond);
    }
  }

  /** The two hosts do not reach each other. */
  record Partition() implements OfLink {
    @Override
    public Damage inject(Link link) {
      return link.partition();
    }
  }

  private static Injection moment(Fault fault, LongSupplier damage) {
    Instant time = Instant.now();
    return new Injection(fault, damage.getAsLong(), time, Optional.empty());
  }

  private static Injection done(Fault fault, Runnable damage) {
    return moment(fault, () -> {
      long nanos = System.nanoTime();
      damage.run();
      return nanos;
    });
  }

  private static Injection transaction(
      Fault fault, Supplier<Injection.CommittedTransaction> damage) {
    Instant time = Instant.now();
    long nanos = System.nanoTime();
    return new Injection(fault, nanos, time, Optional.of(damage.get()));
  }
}
