package io.github.barman4j.restore;

import io.github.barman4j.DurableFile;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.postgres.ControlFile;
import io.github.barman4j.repository.BackupReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Writes what a restored server is configured by: the files that lay outside of its data directory, and the recovery settings. */
final class RestoredConfiguration {
  private static final String RECOVERY = "recovery.signal";
  private static final String STANDBY = "standby.signal";

  private final DataDirectory directory;
  private final BackupReader reader;
  private final Backup backup;
  private final List<String> changes = new ArrayList<>();

  RestoredConfiguration(DataDirectory directory, BackupReader reader, Backup backup) {
    this.directory = directory;
    this.reader = reader;
    this.backup = backup;
  }

  /**
   * Writes everything, durably. The files of the backup are there.
   *
   * @param controlFile of the backup; empty when this release cannot read that of so new a server
   * @return what was changed in the configuration, a sentence each
   */
  List<String> write(RestorePlan plan, RestoreRequest request, Optional<ControlFile> controlFile)
      throws IOException {
    BackupConfiguration stored = stored();
    adopt(stored);
    ConfiguredSettings configured = ConfiguredSettings.of(directory.root());
    RecoverySettings settings = RecoverySettings.of(
        request,
        request.standby() ? "latest" : plan.timelineSetting(),
        limits(controlFile, stored.settings()),
        configured::value);
    Path auto = directory.root().resolve(ConfiguredSettings.AUTO);
    byte[] before = Files.exists(auto) ? Files.readAllBytes(auto) : new byte[0];
    HostPaths paths = hostPaths();
    ConfigurationText kept =
        paths.adjust(ConfigurationText.parse(ConfiguredSettings.decode(before)));
    paths.changes().forEach(change -> changes.add(ConfiguredSettings.AUTO + ": " + change));
    put(ConfiguredSettings.AUTO, ConfiguredSettings.encode(settings.applyTo(kept.text()), before));
    put(request.standby() ? STANDBY : RECOVERY, new byte[0]);
    changes.add(ConfiguredSettings.AUTO + ": set for the recovery and to keep production apart: "
        + String.join(", ", settings.values().keySet()));
    return changes;
  }

  private BackupConfiguration stored() {
    Map<String, String> texts = new HashMap<>();
    for (String name : backup.configurationFiles()) {
      reader
          .findConfiguration(name)
          .ifPresent(file -> texts.put(name, ConfiguredSettings.decode(reader.readAll(file))));
    }
    return new BackupConfiguration(texts, backup.dataDirectory());
  }

  private void adopt(BackupConfiguration stored) throws IOException {
    Map<String, String> present = new HashMap<>();
    Set<String> names = new LinkedHashSet<>(BackupConfiguration.PLACES.keySet());
    for (String name : names) {
      ConfiguredSettings.read(directory.root().resolve(name))
          .ifPresent(text -> present.put(name, text));
    }
    BackupConfiguration.Adoption adoption = stored.adopt(present, hostPaths());
    for (Map.Entry<String, String> file : adoption.files().entrySet()) {
      Path path = directory.root().resolve(file.getKey());
      byte[] original = Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
      put(file.getKey(), ConfiguredSettings.encode(file.getValue(), original));
    }
    changes.addAll(adoption.changes());
  }

  private HostPaths hostPaths() {
    return new HostPaths(directory.root(), Files::exists);
  }

  /** The least values that hot standby accepts: those of the server that wrote the WAL (xlogrecovery.c, 15–18). */
  private static Map<String, Integer> limits(
      Optional<ControlFile> controlFile, Map<String, String> stored) {
    Map<String, Integer> limits = new TreeMap<>();
    controlFile.ifPresent(control -> {
      limits.put("max_connections", control.maxConnections());
      limits.put("max_worker_processes", control.maxWorkerProcesses());
      limits.put("max_wal_senders", control.maxWalSenders());
      limits.put("max_prepared_transactions", control.maxPreparedTransactions());
      limits.put("max_locks_per_transaction", control.maxLocksPerTransaction());
    });
    for (String name : RecoverySettings.LIMIT_DEFAULTS.keySet()) {
      Optional.ofNullable(stored.get(name))
          .filter(value -> value.matches("[0-9]{1,9}"))
          .ifPresent(value -> limits.merge(name, Integer.valueOf(value), Math::max));
    }
    return limits;
  }

  private void put(String name, byte[] content) throws IOException {
    Path path = directory.root().resolve(name);
    Set<PosixFilePermission> mode =
        Files.exists(path) ? Files.getPosixFilePermissions(path) : DataDirectory.permissions(0600);
    DurableFile.write(path, content);
    Files.setPosixFilePermissions(path, mode);
    directory.owner().give(path);
  }
}
