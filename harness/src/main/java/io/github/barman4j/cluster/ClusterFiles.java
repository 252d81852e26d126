package io.github.barman4j.cluster;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes the files of a new cluster, and deletes those of a dead one. */
final class ClusterFiles {
  private ClusterFiles() {}

  /** Runs {@code initdb}: SCRAM over TCP, trust on the socket that others cannot reach, superuser postgres. */
  static void initialize(
      ClusterBuilder.Kind<?> kind,
      RunFolder folder,
      Path dataDirectory,
      Secret password,
      List<String> extraOptions) {
    Path passwordFile = folder.path().resolve("password");
    Command.Result result;
    try {
      Files.createFile(
          passwordFile,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(passwordFile, password.reveal(), StandardCharsets.UTF_8);
      folder.account().own(passwordFile);
      List<String> options = new ArrayList<>(List.of(
          "--pgdata=" + dataDirectory,
          "--username=postgres",
          "--pwfile=" + passwordFile,
          "--auth-local=trust",
          "--auth-host=scram-sha-256",
          "--encoding=UTF8",
          "--locale=C",
          "--no-sync"));
      options.addAll(extraOptions);
      result = kind.initialize(folder, dataDirectory, options);
      Files.delete(passwordFile);
    } catch (IOException e) {
      throw failed(dataDirectory + " could not be made", e);
    }
    if (!result.succeeded()) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER,
          "initdb of PostgreSQL " + kind.version() + " failed\n" + result.output(),
          "the program's own words are above");
    }
  }

  /** Appends settings to postgresql.conf; the last one of a name counts. */
  static void configure(Path dataDirectory, Map<String, String> settings) {
    StringBuilder text = new StringBuilder();
    settings.forEach((name, value) ->
        text.append(name).append(" = '").append(value.replace("'", "''")).append("'\n"));
    try {
      Files.writeString(
          dataDirectory.resolve("postgresql.conf"),
          text,
          StandardCharsets.UTF_8,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw failed("postgresql.conf in " + dataDirectory + " could not be written", e);
    }
  }

  /** Deletes a data directory, and in the tablespaces that it links to what a server has put there ({@code PG_…}). */
  static void delete(Path dataDirectory) {
    Path links = dataDirectory.resolve("pg_tblspc");
    if (Files.isDirectory(links)) {
      try (var found = Files.newDirectoryStream(links)) {
        for (Path link : found) {
          if (Files.isSymbolicLink(link)) {
            deleteTablespace(link);
          }
        }
      } catch (IOException e) {
        throw failed("the tablespaces in " + links + " could not be read", e);
      }
    }
    RunFolder.delete(dataDirectory);
  }

  private static void deleteTablespace(Path location) throws IOException {
    try (var versions = Files.newDirectoryStream(location, "PG_*")) {
      for (Path version : versions) {
        RunFolder.delete(version);
      }
    }
  }

  private static BarmanException failed(String problem, IOException cause) {
    return new BarmanException(ErrorCode.DRILL_CLUSTER, problem, "see the cause", cause);
  }
}
