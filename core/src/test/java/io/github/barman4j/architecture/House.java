package io.github.barman4j.architecture;

import static io.github.barman4j.architecture.Library.ARCHIVES;
import static io.github.barman4j.architecture.Library.ASSERTJ;
import static io.github.barman4j.architecture.Library.AWAITILITY;
import static io.github.barman4j.architecture.Library.BOUNCY_CASTLE;
import static io.github.barman4j.architecture.Library.JACKSON;
import static io.github.barman4j.architecture.Library.JUNIT;
import static io.github.barman4j.architecture.Library.MAVEN;
import static io.github.barman4j.architecture.Library.PGJDBC;
import static io.github.barman4j.architecture.Library.SNAKEYAML;
import static io.github.barman4j.architecture.Library.TESTCONTAINERS;
import static io.github.barman4j.architecture.Library.TOXIPROXY;
import static io.github.barman4j.architecture.Library.ZSTD;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every package of the project, storey by storey, and what it may import. What is not listed is forbidden. */
public final class House {
  static final String BASE = "io.github.barman4j";

  /** The packages of the engine that front ends see only through its values. */
  private static final Set<String> SEEN_AS_VALUES =
      Set.of("catalog", "wal", "backup", "restore", "retention", "verify", "health", "sync");

  private static final Set<String> HARNESS_PORTS = Set.of("cluster", "fault", "workload", "report");

  private static final List<Room> CORE = List.of(
      room("", Set.of()),
      room("postgres", Set.of("")),
      room("protocol", Set.of("", "postgres"), PGJDBC),
      room("store", Set.of("")),
      room("codec", Set.of(""), ZSTD, BOUNCY_CASTLE),
      room("server", Set.of("", "postgres", "protocol", "codec"), PGJDBC),
      room("repository", Set.of("", "store", "codec"), JACKSON),
      room("catalog", Set.of("", "postgres", "repository"), JACKSON),
      room("wal", Set.of("", "postgres", "repository")),
      room("receive", Set.of("", "postgres", "protocol", "wal")),
      room("backup", Set.of("", "postgres", "server", "repository", "catalog", "wal", "receive")),
      room("restore", Set.of("", "postgres", "repository", "catalog", "wal")),
      room("retention", Set.of("", "postgres", "repository", "catalog", "wal")),
      room("verify", Set.of("", "postgres", "repository", "catalog", "wal")),
      room("health", Set.of("", "postgres", "server", "repository", "catalog", "wal")),
      room("sync", Set.of("", "repository", "catalog", "wal")));

  private static final Room ENGINE = room("engine", names(CORE));

  private static final List<Room> HARNESS = List.of(
      frontEnd("cluster", Set.of(), PGJDBC, ARCHIVES, AWAITILITY, TESTCONTAINERS),
      frontEnd("fault", Set.of(), PGJDBC, AWAITILITY, TESTCONTAINERS, TOXIPROXY),
      frontEnd("workload", Set.of(), PGJDBC, AWAITILITY),
      frontEnd("report", Set.of(), JACKSON),
      frontEnd("drill", HARNESS_PORTS, PGJDBC, AWAITILITY, SNAKEYAML),
      new Room(
          "junit",
          Set.of("", "engine", "drill"),
          union(SEEN_AS_VALUES, HARNESS_PORTS),
          Set.of(JUNIT, ASSERTJ)));

  private static final List<Room> PLUGIN = List.of(new Room(
      "maven",
      Set.of("", "postgres", "engine", "drill"),
      union(SEEN_AS_VALUES, HARNESS_PORTS),
      Set.of(MAVEN, JACKSON)));

  private House() {}

  public static List<Room> core() {
    return Stream.concat(CORE.stream(), Stream.of(ENGINE)).toList();
  }

  public static List<Room> harness() {
    return HARNESS;
  }

  public static List<Room> plugin() {
    return PLUGIN;
  }

  /** The room that a package of the project is, or nothing when the package is not of the project. */
  static Optional<String> roomIn(String packageName) {
    if (packageName.equals(BASE)) {
      return Optional.of("");
    }
    return packageName.startsWith(BASE + ".")
        ? Optional.of(packageName.substring(BASE.length() + 1))
        : Optional.empty();
  }

  static String packageOf(String room) {
    return room.isEmpty() ? BASE : BASE + "." + room;
  }

  static String[] packagesOf(String... rooms) {
    return Stream.of(rooms).map(House::packageOf).toArray(String[]::new);
  }

  private static Room room(String name, Set<String> imports, Library... libraries) {
    return new Room(name, imports, Set.of(), Set.of(libraries));
  }

  private static Room frontEnd(String name, Set<String> imports, Library... libraries) {
    Set<String> all = union(Set.of("", "postgres", "engine"), imports);
    return new Room(name, all, SEEN_AS_VALUES, Set.of(libraries));
  }

  private static Set<String> names(List<Room> rooms) {
    return rooms.stream().map(Room::name).collect(Collectors.toSet());
  }

  private static Set<String> union(Set<String> one, Set<String> other) {
    Set<String> all = new HashSet<>(one);
    all.addAll(other);
    return all;
  }
}
