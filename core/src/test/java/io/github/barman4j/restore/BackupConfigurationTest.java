package io.github.barman4j.restore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A server whose configuration lies in a folder of its own, as Debian's does. */
class BackupConfigurationTest {
  private static final String ETC = "/etc/postgresql/15/main/";
  private static final String SETTINGS = """
      # Effective settings, each with its source.
      #config_file = '/etc/postgresql/15/main/postgresql.conf'  # command line
      #hba_file = '/etc/postgresql/15/main/pg_hba.conf'  # configuration file
      #ident_file = '/etc/postgresql/15/main/pg_ident.conf'  # configuration file
      #max_wal_senders = '10'  # default
      max_connections = '200'  # configuration file /etc/postgresql/15/main/postgresql.conf:3
      primary_conninfo = 'host=a password=secret'  # configuration file
      """;
  private static final String MAIN = """
      data_directory = '/var/lib/postgresql/15/main'
      hba_file = '/etc/postgresql/15/main/pg_hba.conf'
      external_pid_file = '/var/run/postgresql/15-main.pid'
      port = 5433
      unix_socket_directories = '/var/run/postgresql'
      ssl = on
      ssl_cert_file = '/etc/ssl/certs/snakeoil.pem'
      ssl_key_file = '/etc/ssl/private/snakeoil.key'
      include_dir = 'conf.d'
      include_if_exists '/etc/shared/extra.conf'
      include '/etc/shared/pg.conf'
      work_mem = 8MB
      """;

  private final Map<String, String> texts = new HashMap<>(Map.of(
      "postgresql.conf", MAIN,
      "pg_hba.conf", "local all all peer\n",
      "pg_ident.conf", "",
      "conf.d/10-memory.conf", "work_mem = 5MB\nshared_buffers = 64MB\n",
      "conf.d/.hidden.conf", "work_mem = 1MB\n",
      "outside/etc/shared/pg.conf", "include 'more.conf'\n",
      "outside/etc/shared/more.conf", "statement_timeout = 7s\n",
      "settings.conf", SETTINGS));

  private BackupConfiguration.Adoption adopt(Map<String, String> present, Set<String> here) {
    Set<Path> paths = here.stream().map(Path::of).collect(Collectors.toSet());
    return new BackupConfiguration(texts, "/var/lib/postgresql/15/main")
        .adopt(present, new HostPaths(Path.of("/restored"), paths::contains));
  }

  @Test
  void putsIncludedFilesInTheirPlaces() {
    String text = adopt(Map.of(), Set.of()).files().get("postgresql.conf");

    ConfigurationText written = ConfigurationText.parse(text);
    assertThat(written.value("shared_buffers")).contains("64MB");
    assertThat(written.value("statement_timeout")).contains("7s");
    assertThat(written.value("work_mem")).as("what comes last counts").contains("8MB");
    assertThat(written.value("port")).contains("5433");
    assertThat(text).doesNotContain("1MB");
    assertThat(text.lines()).noneMatch(line -> line.startsWith("include"));
  }

  @Test
  void takesOutWhatLiesOnTheOtherHost() {
    BackupConfiguration.Adoption adoption = adopt(Map.of(), Set.of());

    ConfigurationText written = ConfigurationText.parse(adoption.files().get("postgresql.conf"));
    for (String name : List.of(
        "data_directory",
        "hba_file",
        "external_pid_file",
        "unix_socket_directories",
        "ssl_cert_file",
        "ssl_key_file")) {
      assertThat(written.value(name)).as(name).isEmpty();
    }
    assertThat(written.value("ssl")).contains("off");
    assertThat(adoption.changes())
        .anyMatch(change -> change.contains("ssl set to off"))
        .anyMatch(change -> change.contains("external_pid_file taken out"))
        .noneMatch(change -> change.contains("secret"));
  }

  @Test
  void keepsWhatIsHereToo() {
    ConfigurationText written = ConfigurationText.parse(adopt(
            Map.of(),
            Set.of(
                "/etc/ssl/certs/snakeoil.pem",
                "/etc/ssl/private/snakeoil.key",
                "/var/run/postgresql"))
        .files()
        .get("postgresql.conf"));

    assertThat(written.value("ssl")).contains("on");
    assertThat(written.value("unix_socket_directories")).contains("/var/run/postgresql");
    assertThat(written.value("data_directory")).isEmpty();
  }

  @Test
  void bringsTheAccessRules() {
    BackupConfiguration.Adoption adoption = adopt(Map.of(), Set.of());

    assertThat(adoption.files())
        .containsEntry("pg_hba.conf", "local all all peer\n")
        .containsEntry("pg_ident.conf", "");
  }

  @Test
  void replacesFilesThatTheServerDidNotUse() {
    Map<String, String> present = Map.of(
        "postgresql.conf", "port = 1\n",
        "pg_hba.conf", "local all all trust\n",
        "pg_ident.conf", "");

    assertThat(adopt(present, Set.of()).files())
        .containsEntry("pg_hba.conf", "local all all peer\n")
        .hasEntrySatisfying("postgresql.conf", text -> assertThat(text).contains("port = 5433"));
  }

  @Test
  void leavesFilesInTheDataDirectoryAlone() {
    texts.put("settings.conf", SETTINGS.replace(ETC, "/var/lib/postgresql/15/main/"));
    Map<String, String> present = Map.of(
        "postgresql.conf", "port = 5433\n",
        "pg_hba.conf", "local all all trust\n",
        "pg_ident.conf", "");

    assertThat(adopt(present, Set.of()).files()).isEmpty();
  }

  @Test
  void takesADirectoryOfTheOtherHostOutOfAFileInTheDataDirectory() {
    texts.put("settings.conf", SETTINGS.replace(ETC, "/var/lib/postgresql/15/main/"));
    Map<String, String> present = Map.of(
        "postgresql.conf", "data_directory = '/var/lib/postgresql/15/main'\nport = 5433\n",
        "pg_hba.conf", "",
        "pg_ident.conf", "");

    assertThat(ConfigurationText.parse(adopt(present, Set.of()).files().get("postgresql.conf"))
            .value("data_directory"))
        .isEmpty();
  }

  @Test
  void fallsBackToTheEffectiveSettings() {
    texts.keySet().removeIf(name -> !name.equals("settings.conf"));

    BackupConfiguration.Adoption adoption = adopt(Map.of(), Set.of());

    assertThat(ConfigurationText.parse(adoption.files().get("postgresql.conf"))
            .value("max_connections"))
        .contains("200");
    assertThat(adoption.files().get("pg_hba.conf")).contains("scram-sha-256");
    assertThat(adoption.changes())
        .anyMatch(change -> change.contains("effective settings"))
        .anyMatch(change -> change.contains("pg_hba.conf written anew"));
  }

  @Test
  void addsTheEffectiveSettingsWhenAnIncludedFileCouldNotBeRead() {
    texts.remove("outside/etc/shared/more.conf");

    BackupConfiguration.Adoption adoption = adopt(Map.of(), Set.of());

    assertThat(ConfigurationText.parse(adoption.files().get("postgresql.conf"))
            .value("max_connections"))
        .contains("200");
    assertThat(adoption.changes()).anyMatch(change -> change.contains("/etc/shared/more.conf"));
  }

  @Test
  void knowsAllSettingsThatTheServerHad() {
    assertThat(new BackupConfiguration(texts, "").settings())
        .containsEntry("max_wal_senders", "10")
        .containsEntry("max_connections", "200")
        .containsEntry("config_file", ETC + "postgresql.conf");
  }

  @Test
  void isContentWithNothing() {
    texts.clear();

    assertThat(adopt(Map.of(), Set.of()).files())
        .containsOnlyKeys("postgresql.conf", "pg_hba.conf", "pg_ident.conf");
  }
}
