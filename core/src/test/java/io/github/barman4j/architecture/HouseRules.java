package io.github.barman4j.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.SimpleConditionEvent.satisfied;
import static com.tngtech.archunit.lang.SimpleConditionEvent.violated;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import java.io.File;
import java.io.FileDescriptor;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/** The rules of the house, for the classes of any module. */
public final class HouseRules {
  private static final Set<String> NAMES_THAT_SAY_NOTHING =
      Set.of("impl", "util", "utils", "helper", "helpers", "manager", "managers", "common", "misc");

  private static final String ENDINGS_THAT_SAY_NOTHING =
      ".*(Impl|Util|Utils|Utility|Helper|Manager|Processor)";

  /** What renames a file or forces it to the disk: the owner and the methods. */
  private static final Map<Class<?>, Set<String>> DURABLE_STEPS = Map.of(
      Files.class, Set.of("move"),
      File.class, Set.of("renameTo"),
      FileChannel.class, Set.of("force"),
      MappedByteBuffer.class, Set.of("force"),
      FileDescriptor.class, Set.of("sync"));

  private HouseRules() {}

  public static ArchRule importsOnlyWhatIsListed(Room room) {
    return classes()
        .that()
        .resideInAPackage(room.packageName())
        .should()
        .onlyDependOnClassesThat(describe(room.description(), room::mayImport))
        .allowEmptyShould(true);
  }

  public static ArchRule standsInOneOf(List<Room> rooms) {
    Set<String> packages = rooms.stream().map(Room::packageName).collect(Collectors.toSet());
    return classes()
        .should()
        .resideInAnyPackage(packages.toArray(String[]::new))
        .because("a package that is not in the table may import nothing");
  }

  public static ArchRule hasNoCycles() {
    return slices()
        .matching(House.BASE + ".(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true);
  }

  /** Through other packages too. */
  public static ArchRule neverReaches(Set<String> from, Set<String> targets) {
    return noClasses()
        .that()
        .resideInAnyPackage(House.packagesOf(from.toArray(String[]::new)))
        .should()
        .transitivelyDependOnClassesThat()
        .resideInAnyPackage(House.packagesOf(targets.toArray(String[]::new)))
        .allowEmptyShould(true);
  }

  public static ArchRule doesNotImport(Set<String> from, Set<String> targets) {
    return noClasses()
        .that()
        .resideInAnyPackage(House.packagesOf(from.toArray(String[]::new)))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(House.packagesOf(targets.toArray(String[]::new)))
        .allowEmptyShould(true);
  }

  public static ArchRule doesNotKnow(String from, Set<String> others) {
    return doesNotImport(Set.of(from), others);
  }

  public static ArchRule onlyRenamesAndForcesIn(Class<?> owner) {
    DescribedPredicate<JavaClass> everyoneElse = describe(
        "are not " + owner.getSimpleName(), type -> !type.getName().equals(owner.getName()));
    return noClasses()
        .that(everyoneElse)
        .should(accessing("rename or force", HouseRules::isDurableStep))
        .because(owner.getSimpleName() + " alone makes files durable");
  }

  public static ArchRule usesNoStandardStreams() {
    return noClasses()
        .should(accessing("use a standard stream", HouseRules::isStandardStream))
        .because("what happens is told to an EventSink");
  }

  public static ArchRule hasNamesThatSaySomething() {
    return noClasses()
        .should()
        .haveNameMatching(ENDINGS_THAT_SAY_NOTHING)
        .orShould()
        .resideInAnyPackage(
            NAMES_THAT_SAY_NOTHING.stream().map(name -> ".." + name + "..").toArray(String[]::new));
  }

  public static ArchRule isNullMarked() {
    return classes().should(new ArchCondition<JavaClass>("be in a package that is @NullMarked") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
          events.add(violated(type, type.getPackageName() + " is not @NullMarked"));
        }
      }
    });
  }

  static boolean isDurableStep(JavaAccess<?> access) {
    return DURABLE_STEPS.entrySet().stream()
        .anyMatch(step -> access.getTargetOwner().isAssignableTo(step.getKey())
            && step.getValue().contains(access.getName()));
  }

  private static boolean isStandardStream(JavaAccess<?> access) {
    return access.getTargetOwner().isEquivalentTo(System.class)
            && Set.of("in", "out", "err", "console").contains(access.getName())
        || access.getTargetOwner().isEquivalentTo(FileDescriptor.class)
            && Set.of("in", "out", "err").contains(access.getName())
        || access.getTargetOwner().isAssignableTo(Throwable.class)
            && access.getName().equals("printStackTrace");
  }

  /** Satisfied once for each such access, method references included. */
  private static ArchCondition<JavaClass> accessing(
      String description, Predicate<JavaAccess<?>> forbidden) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getAccessesFromSelf().stream()
            .filter(forbidden)
            .forEach(access -> events.add(satisfied(access, access.getDescription())));
      }
    };
  }
}
