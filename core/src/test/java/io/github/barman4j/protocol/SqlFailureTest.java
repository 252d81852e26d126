package io.github.barman4j.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

class SqlFailureTest {
  private static BarmanException of(IOException cause) {
    return SqlFailure.of(
        new PSQLException("An I/O error occurred.", PSQLState.CONNECTION_FAILURE, cause),
        new HostAddress("db.example.org", 5432),
        "reading the settings");
  }

  @Test
  void tellsASilentServerFromALostConnection() {
    BarmanException silent = of(new SocketTimeoutException("Read timed out"));
    assertThat(silent.code()).isEqualTo(ErrorCode.SERVER_SILENT);
    assertThat(silent.problem())
        .isEqualTo(
            "the server at db.example.org:5432 has not answered in time: reading the settings");
    BarmanException lost = of(new SocketException("Connection reset"));
    assertThat(lost.code()).isEqualTo(ErrorCode.CONNECTION_LOST);
    assertThat(lost.problem())
        .isEqualTo(
            "reading the settings on db.example.org:5432 failed: An I/O error occurred. Connection reset");
  }

  @Test
  void addsNothingOfACauseThatSaysNothing() {
    assertThat(of(new EOFException()).problem())
        .isEqualTo("reading the settings on db.example.org:5432 failed: An I/O error occurred.");
  }
}
