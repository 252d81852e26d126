package io.github.barman4j.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Timeline;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestRulesTest {
  private final RestoreRequest.Builder request = RestoreRequest.to(Path.of("/srv/restored"));

  private void assertRefused(ErrorCode code, String problem, String hint) {
    assertThatThrownBy(request::build).isInstanceOfSatisfying(BarmanException.class, e -> {
      assertThat(e.code()).isEqualTo(code);
      assertThat(e.problem()).contains(problem);
      assertThat(e.hint()).contains(hint);
    });
  }

  @Test
  void aStandbyHasNoTarget() {
    request.standby(true).target(new RecoveryTarget.Immediate());

    assertRefused(ErrorCode.TARGET_INVALID, "a standby has no target", "leave the target out");
  }

  @Test
  void aStandbyFollowsTheLatestTimeline() {
    request.standby(true).timeline(new TargetTimeline.Exactly(new Timeline(2)));

    assertRefused(ErrorCode.TARGET_INVALID, "latest timeline", "barman.targetTimeline");
  }

  @Test
  void onlyAStandbyHasAPrimary() {
    request.primaryConninfo("host=db");

    assertRefused(ErrorCode.INVALID_VALUE, "no standby", "barman.standby=true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host=db password=geheim",
        "password = 'geheim' host=db",
        "host=db PASSWORD=geheim",
        "postgresql://me:geheim@db/postgres",
        "postgres://me:geheim@db",
        "postgresql://db/postgres?user=me&password=geheim"
      })
  void aPasswordDoesNotGoIntoASettingsFile(String conninfo) {
    request.standby(true).primaryConninfo(conninfo);

    assertThatThrownBy(request::build).isInstanceOfSatisfying(BarmanException.class, e -> {
      assertThat(e.code()).isEqualTo(ErrorCode.INVALID_VALUE);
      assertThat(e.hint()).contains("passfile=");
      assertThat(e.getMessage()).doesNotContain("geheim");
    });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"host=db passfile=/etc/pgpass user=me", "postgresql://me@db:5432/postgres"})
  void otherConnectionStringsAreTaken(String conninfo) {
    assertThat(request.standby(true).primaryConninfo(conninfo).build().primaryConninfo())
        .contains(conninfo);
  }

  @Test
  void damageIsAcceptedOfANamedBackupOnly() {
    request.acceptDamaged(true);

    assertRefused(ErrorCode.INVALID_VALUE, "no backup is named", "barman.backup");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "restore_command",
        "recovery_end_command",
        "primary_conninfo",
        "recovery_target_lsn"
      })
  void settingsOfTheRestoreItselfAreNotTheCallers(String name) {
    request.settings(Map.of(name, "x"));

    assertRefused(ErrorCode.INVALID_VALUE, name, "name the target instead");
  }
}
