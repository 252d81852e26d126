package io.github.barman4j.architecture;

import static java.util.stream.Collectors.toCollection;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;
import java.util.TreeSet;

/**
 * A package of the house and all that it may import.
 *
 * @param name the package without {@link House#BASE}; empty for that package itself
 * @param imports rooms of which it may use everything
 * @param values rooms of which it may use only what carries data: records, enums, interfaces and annotations
 * @param libraries the libraries that it may use besides the JDK
 */
public record Room(String name, Set<String> imports, Set<String> values, Set<Library> libraries) {

  public Room {
    imports = Set.copyOf(imports);
    values = Set.copyOf(values);
    libraries = Set.copyOf(libraries);
  }

  String packageName() {
    return House.packageOf(name);
  }

  boolean mayImport(JavaClass type) {
    String target = type.getPackageName();
    if (target.equals(packageName()) || Library.isPlatform(target)) {
      return true;
    }
    return House.roomIn(target)
        .map(room -> imports.contains(room) || values.contains(room) && carriesData(type))
        .orElseGet(() -> libraries.stream().anyMatch(library -> library.contains(target)));
  }

  String description() {
    return "are listed in House for %s: %s, of these only records, enums, interfaces and requests %s, libraries %s"
        .formatted(this, named(imports), named(values), new TreeSet<>(libraries));
  }

  private static Set<String> named(Set<String> rooms) {
    return rooms.stream().map(House::packageOf).collect(toCollection(TreeSet::new));
  }

  private static boolean carriesData(JavaClass type) {
    return type.isRecord()
        || type.isEnum()
        || type.isInterface()
        || type.getSimpleName().endsWith("Request")
        || isPartOfRecordOrInterface(type);
  }

  private static boolean isPartOfRecordOrInterface(JavaClass type) {
    return type.getEnclosingClass().map(Room::carriesData).orElse(false);
  }

  @Override
  public String toString() {
    return name.isEmpty() ? "the base" : name;
  }
}
