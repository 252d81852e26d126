package io.github.barman4j.cluster;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The programs {@code initdb} and {@code postgres} of one PostgreSQL release, with its libraries beside them.
 *
 * @param bin the folder with the programs
 * @param version as the program says it, for instance {@code 18.6}
 */
public record PostgresBinaries(Path bin, String version) {
  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)([.\\w]*)");

  /**
   * @param directory an installation's folder ({@code /usr/lib/postgresql/15}) or its {@code bin}
   * @throws BarmanException with code DRILL_CLUSTER when the programs are not there or do not run
   */
  public static PostgresBinaries fromDirectory(Path directory) {
    Path bin = Files.isDirectory(directory.resolve("bin")) ? directory.resolve("bin") : directory;
    for (String program : List.of("initdb", "postgres")) {
      if (!Files.isExecutable(bin.resolve(program))) {
        throw new BarmanException(
            ErrorCode.DRILL_CLUSTER,
            "there is no program " + program + " in " + bin,
            "name the folder of a PostgreSQL server, for instance /usr/lib/postgresql/15/bin");
      }
    }
    // --version is answered before PostgreSQL looks at the account (main.c), so root may ask.
    Command.Result result =
        Command.run(List.of(bin.resolve("postgres").toString(), "--version"), null);
    Matcher version = VERSION.matcher(result.output());
    if (!result.succeeded() || !version.find()) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER,
          bin.resolve("postgres") + " does not run on this machine: " + result.output(),
          "take binaries for this operating system and processor");
    }
    return new PostgresBinaries(bin.toAbsolutePath(), version.group(1) + version.group(2));
  }

  /**
   * Unpacks a jar of {@code io.zonky.test.postgres}, unless its content was unpacked before.
   *
   * @throws BarmanException with code DRILL_CLUSTER when it holds no PostgreSQL for this machine
   */
  public static PostgresBinaries fromJar(Path jar) {
    return fromDirectory(BinariesCache.ofUser().unpacked(jar));
  }

  public int major() {
    return major(version);
  }

  static int major(String version) {
    return Integer.parseInt(version.replaceFirst("\\D.*", ""));
  }

  Path program(String name) {
    return bin.resolve(name);
  }
}
