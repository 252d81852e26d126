package io.github.barman4j.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PluginArchitectureTest {
  private static final JavaClasses CLASSES = ModuleClasses.ofThisModule();

  static List<Room> rooms() {
    return House.plugin();
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
  void backupAndRestoreLoadNoClassOfTheHarness() {
    noClasses()
        .that()
        .haveSimpleName("BackupMojo")
        .or()
        .haveSimpleName("RestoreMojo")
        .should()
        .transitivelyDependOnClassesThat()
        .resideInAnyPackage(
            House.packagesOf(House.harness().stream().map(Room::name).toArray(String[]::new)))
        .allowEmptyShould(true)
        .check(CLASSES);
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
