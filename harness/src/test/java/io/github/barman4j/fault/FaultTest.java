package io.github.barman4j.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultTest {
  private final List<String> calls = new ArrayList<>();

  private final FaultTarget target = new FaultTarget() {
    @Override
    public long killServer() {
      calls.add("kill");
      return 4711;
    }

    @Override
    public long stopServer() {
      calls.add("stop");
      return 4712;
    }

    @Override
    public void deleteDataDirectory() {
      calls.add("delete");
    }

    @Override
    public Injection.CommittedTransaction dropTable(String name) {
      calls.add("drop " + name);
      return new Injection.CommittedTransaction(7, new Lsn(1), new Lsn(2));
    }

    @Override
    public Injection.CommittedTransaction truncateTable(String name) {
      calls.add("truncate " + name);
      return new Injection.CommittedTransaction(8, new Lsn(3), new Lsn(4));
    }

    @Override
    public Injection.CommittedTransaction updateEveryRow(String table, String set) {
      calls.add("update " + table + " set " + set);
      return new Injection.CommittedTransaction(9, new Lsn(5), new Lsn(6));
    }

    @Override
    public Damage pauseServer() {
      return damage("pause");
    }

    @Override
    public Damage skewClock(Duration ahead) {
      return damage("clock " + ahead);
    }

    @Override
    public void dropSlot(String name) {
      calls.add("drop slot " + name);
    }

    @Override
    public void exceedSlotLimit(String name) {
      calls.add("exceed " + name);
    }

    @Override
    public void damagePage(String table, long block) {
      calls.add("damage block " + block + " of " + table);
    }

    @Override
    public void holdBackReceiver(Duration time) {
      calls.add("hold " + time);
    }
  };

  @Test
  void isInjectedWhereItBelongs() {
    new Fault.HoldBackReceiver(Duration.ofSeconds(2)).inject(target);
    new Fault.KillServer().inject(target);
    new Fault.DeleteDataDirectory().inject(target);
    new Fault.StopServer().inject(target);
    new Fault.DropTable("t").inject(target);
    new Fault.TruncateTable("u").inject(target);
    new Fault.BadUpdate("u", "a = 0").inject(target);
    new Fault.DropSlot("s").inject(target);
    new Fault.ExceedSlotLimit("r").inject(target);
    new Fault.DamagePage("v", 3).inject(target);
    assertThat(calls)
        .containsExactly(
            "hold PT2S",
            "kill",
            "delete",
            "stop",
            "drop t",
            "truncate u",
            "update u set a = 0",
            "drop slot s",
            "exceed r",
            "damage block 3 of v");
  }

  @Test
  void tellsTheMomentOfTheKillItself() {
    assertThat(new Fault.KillServer().inject(target).nanos()).isEqualTo(4711);
    assertThat(new Fault.StopServer().inject(target).nanos()).isEqualTo(4712);
  }

  @Test
  void tellsTheTransactionOfAMistake() {
    assertThat(new Fault.DropTable("t").inject(target).transaction())
        .map(Injection.CommittedTransaction::xid)
        .contains(7L);
    assertThat(new Fault.TruncateTable("t").inject(target).transaction())
        .map(Injection.CommittedTransaction::xid)
        .contains(8L);
    assertThat(new Fault.BadUpdate("t", "a = 0").inject(target).transaction())
        .map(Injection.CommittedTransaction::xid)
        .contains(9L);
    assertThat(new Fault.KillServer().inject(target).transaction()).isEmpty();
  }

  @Test
  void befallsTheServerForAWhile() {
    new Fault.PauseServer().inject(target).close();
    new Fault.SkewClock(Duration.ofHours(-1)).inject(target).close();
    assertThat(calls).containsExactly("pause", "heal pause", "clock PT-1H", "heal clock PT-1H");
  }

  @Test
  void befallsALinkAndIsHealed() {
    Link link = new RecordedLink(calls);
    List<Fault.OfLink> faults = List.of(
        new Fault.CutAfter(7),
        new Fault.ResetConnections(),
        new Fault.SwallowEverything(),
        new Fault.DelayAnswers(Duration.ofMillis(100), Duration.ofMillis(50)),
        new Fault.LimitRate(4096),
        new Fault.Partition());
    faults.forEach(fault -> fault.inject(link).close());
    assertThat(calls)
        .containsExactly(
            "cut after 7", "healed",
            "reset", "healed",
            "swallow", "healed",
            "delay PT0.1S PT0.05S", "healed",
            "rate 4096", "healed",
            "partition", "healed");
  }

  @Test
  void befallsAStandby() {
    StandbyTarget standby = new StandbyTarget() {
      @Override
      public void stall() {
        calls.add("stall");
      }

      @Override
      public void promote() {
        calls.add("promote");
      }
    };
    long before = System.nanoTime();
    new Fault.StallStandby().inject(standby);
    assertThat(new Fault.PromoteStandby().inject(standby).nanos())
        .isBetween(before, System.nanoTime());
    assertThat(calls).containsExactly("stall", "promote");
  }

  @Test
  void isHealedOnTheHost() {
    WalSegment segment = WalSegment.parse("000000010000000000000007", new WalSegmentSize(1 << 20));
    HostTarget host = new HostTarget() {
      @Override
      public Damage loseSegment(WalSegment lost) {
        return damage("lose " + lost);
      }

      @Override
      public Damage killReceiver() {
        return damage("kill receiver");
      }

      @Override
      public Damage connectElsewhere(ServerConnection other) {
        return damage("connect to " + other.url());
      }

      @Override
      public Damage flipBit(BackupId backup) {
        return damage("flip a bit of " + backup);
      }

      @Override
      public Damage fillDisk(long freeBytes) {
        return damage("fill up to " + freeBytes);
      }

      @Override
      public Damage loseKey() {
        return damage("lose key");
      }

      @Override
      public Damage mistakeKey() {
        return damage("mistake key");
      }

      @Override
      public Damage deleteWhileRestored(BackupId backup) {
        return damage("delete " + backup);
      }
    };
    for (Fault.OfHost fault : List.of(
        new Fault.LoseSegment(segment),
        new Fault.KillReceiver(),
        new Fault.ConnectElsewhere(new ServerConnection("url", null, null)),
        new Fault.FlipBit(new BackupId("20261126T120000Z-0001")),
        new Fault.FillDisk(7),
        new Fault.LoseKey(),
        new Fault.MistakeKey(),
        new Fault.DeleteWhileRestored(new BackupId("20261126T120000Z-0002")))) {
      fault.inject(host).close();
    }
    assertThat(calls)
        .containsExactly(
            "lose " + segment,
            "heal lose " + segment,
            "kill receiver",
            "heal kill receiver",
            "connect to url",
            "heal connect to url",
            "flip a bit of 20261126T120000Z-0001",
            "heal flip a bit of 20261126T120000Z-0001",
            "fill up to 7",
            "heal fill up to 7",
            "lose key",
            "heal lose key",
            "mistake key",
            "heal mistake key",
            "delete 20261126T120000Z-0002",
            "heal delete 20261126T120000Z-0002");
  }

  private Damage damage(String what) {
    calls.add(what);
    return () -> calls.add("heal " + what);
  }
}
