package io.github.barman4j.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLWarning;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

class WriterTest {

  @Test
  void takesTheServersErrorForACertainFailure() {
    assertThat(Writer.outcomeOf(answer("ERROR", "40001"))).isEqualTo(Outcome.FAILED);
  }

  @Test
  void doesNotKnowWhatADyingServerHasDone() {
    assertThat(Writer.outcomeOf(answer("FATAL", "57P01"))).isEqualTo(Outcome.UNKNOWN);
    assertThat(Writer.outcomeOf(new PSQLException("I/O error", PSQLState.CONNECTION_FAILURE)))
        .isEqualTo(Outcome.UNKNOWN);
    assertThat(Writer.outcomeOf(new SQLException("closed"))).isEqualTo(Outcome.UNKNOWN);
  }

  @Test
  void noticesThatSynchronousReplicationWasGivenUp() {
    SQLWarning first = new SQLWarning("something else");
    first.setNextWarning(
        new SQLWarning("canceling wait for synchronous replication due to user request"));
    assertThat(Writer.gaveUpSynchronousReplication(first)).isTrue();
    assertThat(Writer.gaveUpSynchronousReplication(new SQLWarning(
            "canceling the wait for synchronous replication and terminating connection")))
        .isTrue();
    assertThat(Writer.gaveUpSynchronousReplication(new SQLWarning("something else")))
        .isFalse();
    assertThat(Writer.gaveUpSynchronousReplication(null)).isFalse();
  }

  private static PSQLException answer(String severity, String state) {
    return new PSQLException(
        new ServerErrorMessage("S" + severity + "\0V" + severity + "\0C" + state + "\0Mfailed\0"));
  }
}
