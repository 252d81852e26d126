package io.github.barman4j.protocol;

import static io.github.barman4j.protocol.ReplicationConnectionTest.assertFails;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.Secret;
import io.github.barman4j.testing.Seeds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionSettingsTest {
  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://db1:5433/app, db1:5433, app",
    "jdbc:postgresql://db1/app, db1:5432, app",
    "jdbc:postgresql://db1/, db1:5432, ''",
    "jdbc:postgresql://db1, db1:5432, ''",
    "jdbc:postgresql://[::1]:5433/app, [::1]:5433, app",
    "jdbc:postgresql://[::1]/app, [::1]:5432, app",
    "jdbc:postgresql:app, localhost:5432, app",
    "jdbc:postgresql:///app, localhost:5432, app",
    "jdbc:postgresql://:5433/app, localhost:5433, app",
    "jdbc:postgresql:app?host=db2&port=5434, db2:5434, app",
    "jdbc:postgresql://db1/a%2Fb%20c?ssl=true, db1:5432, a/b c",
  })
  void takesAUrlApartAsPgjdbcDoes(String url, String hostAndPort, String database) {
    ConnectionSettings settings = ConnectionSettings.of(url);
    assertThat(settings.hostAndPort()).isEqualTo(hostAndPort);
    assertThat(settings.database()).isEqualTo(database);
  }

  @Test
  void takesSeveralHosts() {
    ConnectionSettings settings =
        ConnectionSettings.of("jdbc:postgresql://db1,db2:5433,[::1]/app?sslmode=require");
    assertThat(settings.hostAndPort()).isEqualTo("db1:5432,db2:5433,[::1]:5432");
    ConnectionSettings one = settings.at(new HostAddress("::1", 5432));
    assertThat(one.url()).isEqualTo("jdbc:postgresql://[::1]:5432/app?sslmode=require");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "postgresql://db1/app",
        "jdbc:mysql://db1/app",
        "jdbc:postgresql:/app",
        "jdbc:postgresql://db1:0/app",
        "jdbc:postgresql://db1:65536/app",
        "jdbc:postgresql://db1:five/app",
        "jdbc:postgresql://::1/app",
        "jdbc:postgresql://db1/app/more",
        "jdbc:postgresql://me:secret@db1/app",
        "jdbc:postgresql://db1/app?ssl=%zz",
        "jdbc:postgresql://db1/app?ssl=a&ssl=b"
      })
  void refusesWhatIsNoUrlWithoutRepeatingIt(String url) {
    assertFails(ErrorCode.INVALID_CONFIGURATION, () -> ConnectionSettings.of(url));
    assertThatThrownBy(() -> ConnectionSettings.of(url)).hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "replication",
        "preferQueryMode",
        "assumeMinServerVersion",
        "ApplicationName",
        "gssEncMode",
        "barman.capture"
      })
  void refusesByNameWhatTheEngineSetsItself(String option) {
    assertThatThrownBy(() -> ConnectionSettings.of("jdbc:postgresql://db1/app?" + option + "=x"))
        .hasMessageContaining("'" + option + "'");
    assertThatThrownBy(() ->
            new ConnectionSettings("jdbc:postgresql://db1/app", null, null, Map.of(option, "x")))
        .hasMessageContaining("'" + option + "'");
  }

  @Test
  void refusesAnOptionThatNobodyWouldRead() {
    assertThatThrownBy(() -> ConnectionSettings.of("jdbc:postgresql://db1/app?sslMode=verify-full"))
        .hasMessageContaining("'sslMode'")
        .hasMessageContaining("write 'sslmode'");
    assertThatThrownBy(() -> ConnectionSettings.of("jdbc:postgresql://db1/app?sslrotcert=x"))
        .hasMessageContaining("sslrootcert");
    assertThatThrownBy(() -> ConnectionSettings.of("jdbc:postgresql://db1/app?xyz=x"))
        .hasMessageContaining("unknown");
  }

  @Test
  void leavesOptionsOfASocketFactoryToIt() {
    ConnectionSettings.of("jdbc:postgresql://db1/app?socketFactory=com.example.F&itsOwn=x");
  }

  @Test
  void takesEveryOtherOption() {
    ConnectionSettings.of("jdbc:postgresql://db1/app?sslmode=verify-full&sslrootcert=/ca.pem"
        + "&connectTimeout=3&socketTimeout=4&options=-c%20work_mem=1MB&targetServerType=primary"
        + "&loadBalanceHosts=true&tcpKeepAlive=true&channelBinding=require&service=s");
  }

  @Test
  void refusesAnUnknownServerType() {
    assertFails(
        ErrorCode.INVALID_CONFIGURATION,
        () -> ConnectionSettings.of("jdbc:postgresql://db1/app?targetServerType=best"));
  }

  @Test
  void refusesAUserInTwoPlaces() {
    assertThatThrownBy(() -> ConnectionSettings.of("jdbc:postgresql://db1/app?user=a", "b", null))
        .hasMessageContaining("'user'");
    assertThatThrownBy(() ->
            ConnectionSettings.of("jdbc:postgresql://db1/app?password=a", "b", Secret.of("hush")))
        .hasMessageContaining("'password'")
        .hasMessageNotContaining("hush");
  }

  @Test
  void showsNoSecret() {
    ConnectionSettings settings = new ConnectionSettings(
        "jdbc:postgresql://db1/app?password=hush1&sslpassword=hush2",
        "me",
        null,
        Map.of("socketFactoryArg", "hush3"));
    assertThat(settings.toString()).contains("db1", "me").doesNotContain("hush");
    assertThat(ConnectionSettings.of("jdbc:postgresql://db1/app", "me", Secret.of("hush"))
            .toString())
        .doesNotContain("hush");
  }

  @Seeds(100)
  void readsWhatItWrites(RandomGenerator random) {
    Map<String, String> options = new LinkedHashMap<>();
    for (String name : List.of("sslmode", "password", "options")) {
      if (random.nextBoolean()) {
        options.put(name, text(random));
      }
    }
    ConnectionUrl url = new ConnectionUrl("db1:5432", text(random), options);
    assertThat(ConnectionUrl.parse(url.toString())).isEqualTo(url);
  }

  private static String text(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(10);
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(
          random.nextInt(4) == 0 ? 0x1F600 + random.nextInt(50) : 1 + random.nextInt(0x17f));
    }
    return text.toString();
  }
}
