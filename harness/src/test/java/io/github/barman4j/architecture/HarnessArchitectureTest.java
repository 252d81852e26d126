package io.github.barman4j.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HarnessArchitectureTest {
  private static final JavaClasses CLASSES = ModuleClasses.ofThisModule();

  static List<Room> rooms() {
    return House.harness();
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
  void hasNamesThatSaySomething() {
    HouseRules.hasNamesThatSaySomething().check(CLASSES);
  }

  @Test
  void isNullMarked() {
    HouseRules.isNullMarked().check(CLASSES);
  }
}
