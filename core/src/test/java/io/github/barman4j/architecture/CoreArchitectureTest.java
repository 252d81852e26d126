package io.github.barman4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import io.github.barman4j.DurableFile;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoreArchitectureTest {
  private static final Set<String> STOREY_4 =
      Set.of("receive", "backup", "restore", "retention", "verify", "health", "sync");

  private static final JavaClasses CLASSES = ModuleClasses.ofThisModule();

  static List<Room> rooms() {
    return House.core();
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void importsOnlyWhatIsListed(Room room) {
    HouseRules.importsOnlyWhatIsListed(room).check(CLASSES);
  }

  @Test
  void everyPackageIsListed() {
    HouseRules.standsInOneOf(rooms()).check(CLASSES);
  }

  @Test
  void hasNoCycles() {
    HouseRules.hasNoCycles().check(CLASSES);
  }

  @Test
  void restoreAndVerifyNeverReachTheServer() {
    HouseRules.neverReaches(Set.of("restore", "verify"), Set.of("server", "protocol"))
        .check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"receive", "backup", "restore", "retention", "verify", "health", "sync"})
  void packagesOfStorey4DoNotKnowEachOther(String room) {
    Set<String> others = new TreeSet<>(STOREY_4);
    others.remove(room);
    if (room.equals("backup")) {
      others.remove("receive");
    }
    HouseRules.doesNotKnow(room, others).check(CLASSES);
  }

  @Test
  void onlyTheRepositoryImportsTheStore() {
    Set<String> everyoneElse = new TreeSet<>();
    rooms().forEach(room -> everyoneElse.add(room.name()));
    everyoneElse.removeAll(Set.of("store", "repository", "engine"));
    HouseRules.doesNotImport(everyoneElse, Set.of("store")).check(CLASSES);
  }

  @Test
  void onlyDurableFileRenamesOrForces() {
    HouseRules.onlyRenamesAndForcesIn(DurableFile.class).check(CLASSES);
  }

  @Test
  void seesThatDurableFileRenamesAndForces() {
    assertThat(CLASSES.get(DurableFile.class).getAccessesFromSelf())
        .filteredOn(HouseRules::isDurableStep)
        .extracting(access -> access.getName())
        .contains("move", "force");
  }

  @Test
  void usesNoStandardStreams() {
    HouseRules.usesNoStandardStreams().check(CLASSES);
  }

  @Test
  void hasNamesThatSaySomething() {
    HouseRules.hasNamesThatSaySomething().check(CLASSES);
  }

  @Test
  void isNullMarked() {
    HouseRules.isNullMarked().check(CLASSES);
  }
}
