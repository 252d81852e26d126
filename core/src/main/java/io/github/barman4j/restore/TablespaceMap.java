package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Where each tablespace goes. Pure but for {@link #check}.
 *
 * <p>One that lay inside the data directory moves with it, unless it is mapped; others stay where they were, unless they are mapped.
 * Those without a location of their own (allow_in_place_tablespaces) are ordinary directories and do not appear here.
 */
record TablespaceMap(List<Place> places) {

  /**
   * One tablespace.
   *
   * @param how "mapped", "its location in the backup" or "inside the data directory"
   */
  record Place(long oid, String name, Path location, String how) {
    /** The link's path in the data directory. */
    String link() {
      return "pg_tblspc/" + Long.toUnsignedString(oid);
    }
  }

  TablespaceMap {
    places = List.copyOf(places);
  }

  /**
   * Decides.
   *
   * @param dataDirectory absolute
   * @throws BarmanException TABLESPACE_NOT_MAPPED for a mapping of a tablespace that the backup does not have, or locations that
   *     overlap
   */
  static TablespaceMap of(Backup backup, Map<String, Path> mapping, Path dataDirectory) {
    List<String> names =
        backup.tablespaces().stream().map(Backup.Tablespace::name).toList();
    for (String name : mapping.keySet()) {
      if (!names.contains(name)) {
        throw new BarmanException(
            ErrorCode.TABLESPACE_NOT_MAPPED,
            "backup " + backup.id() + " has no tablespace '" + name + "'",
            names.isEmpty()
                ? "it has none; leave barman.tablespaces out."
                : "it has " + String.join(", ", names) + "; correct barman.tablespaces.");
      }
    }
    List<Place> places = new ArrayList<>();
    Path former = Path.of(backup.dataDirectory());
    for (Backup.Tablespace tablespace : backup.tablespaces()) {
      Path location = Path.of(tablespace.location());
      Path mapped = mapping.get(tablespace.name());
      if (!location.isAbsolute()) {
        continue;
      }
      if (mapped != null) {
        places.add(place(tablespace, mapped.toAbsolutePath().normalize(), "mapped"));
      } else if (former.isAbsolute() && location.startsWith(former)) {
        places.add(place(
            tablespace,
            dataDirectory.resolve(former.relativize(location)),
            "inside the data directory"));
      } else {
        places.add(place(tablespace, location.normalize(), "its location in the backup"));
      }
    }
    TablespaceMap map = new TablespaceMap(places);
    map.refuseOverlaps(dataDirectory);
    return map;
  }

  private static Place place(Backup.Tablespace tablespace, Path location, String how) {
    return new Place(tablespace.oid(), tablespace.name(), location, how);
  }

  private void refuseOverlaps(Path dataDirectory) {
    for (Place place : places) {
      for (Place other : places) {
        if (place != other && place.location().startsWith(other.location())) {
          throw overlap(place, "the location of tablespace '" + other.name() + "'");
        }
      }
      if (dataDirectory.startsWith(place.location())
          || place.location().startsWith(dataDirectory.resolve("pg_tblspc"))) {
        throw overlap(place, "the restore directory " + dataDirectory);
      }
    }
  }

  private static BarmanException overlap(Place place, String with) {
    return new BarmanException(
        ErrorCode.TABLESPACE_NOT_MAPPED,
        "the location of tablespace '" + place.name() + "', " + place.location() + " ("
            + place.how() + "), overlaps with " + with,
        "map each to an empty directory of its own: barman.tablespaces=" + place.name()
            + "=/new/location.");
  }

  /** Refuses locations that cannot be written, or are not empty but for those that an overwritten data directory has there itself. */
  void check(Path dataDirectory, Occupant occupant) throws IOException {
    for (Place place : places) {
      Path link = dataDirectory.resolve(place.link());
      boolean ours = occupant.isAnything()
          && Files.isSymbolicLink(link)
          && Files.readSymbolicLink(link).equals(place.location());
      DirectoryCheck.tablespace(place.name(), place.location(), place.how(), ours);
    }
  }

  /** "name → location", for people. */
  String describe() {
    return places.stream()
        .map(place -> place.name() + " → " + place.location())
        .collect(Collectors.joining(", "));
  }
}
