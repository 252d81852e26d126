package io.github.barman4j.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.postgres.Lsn;
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
    public void deleteDataDirectory() {
      calls.add("delete");
    }

    @Override
    public Injection.CommittedTransaction dropTable(String name) {
      calls.add("drop " + name);
      return new Injection.CommittedTransaction(7, new Lsn(1), new Lsn(2));
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
    new Fault.DropTable("t").inject(target);
    assertThat(calls).containsExactly("hold PT2S", "kill", "delete", "drop t");
  }

  @Test
  void tellsTheMomentOfTheKillItself() {
    assertThat(new Fault.KillServer().inject(target).nanos()).isEqualTo(4711);
  }

  @Test
  void tellsTheTransactionOfAMistake() {
    assertThat(new Fault.DropTable("t").inject(target).transaction())
        .map(Injection.CommittedTransaction::xid)
        .contains(7L);
    assertThat(new Fault.KillServer().inject(target).transaction()).isEmpty();
  }
}
