package io.github.barman4j.junit;

import io.github.barman4j.drill.Breakable;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that breaks a PostgreSQL server of its own, recovers it with the engine, and fails when more was lost or it took longer than
 * allowed.
 *
 * <p>With scenarios, the method is run once for each, after its drill, and may take the {@link
 * io.github.barman4j.report.DrillReport}, or the {@link io.github.barman4j.report.ScenarioResult} of a scenario without variants. Without,
 * the method is the scenario: it takes a {@link io.github.barman4j.drill.DrillStage} or its {@link io.github.barman4j.drill.Faults},
 * loads, backs up, breaks and recovers, and what it recovered is judged when it is over; without a recovery it fails.
 *
 * <p>A scenario that cannot be run on this machine aborts its test with the reason. The reports lie in {@code
 * target/barman/<class>.<method>}, in a folder for each scenario when there are several. JUnit's configuration parameters, or system
 * properties, {@code barman.drill.postgresBin}, {@code barman.drill.postgresImage}, {@code barman.drill.toxiproxyServer}, {@code
 * barman.drill.toxiproxyImage}, {@code barman.drill.outputDirectory} and {@code barman.drill.history} say where the server's programs are,
 * what breaks the network, where reports go, and which file keeps figures for trends.
 */
@Documented
@Target({ElementType.METHOD, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(DisasterDrillExtension.class)
public @interface DisasterDrill {
  /** Ids or names, {@code tier1}, {@code all}, or paths of YAML files. */
  String[] scenario() default {};

  /**
   * The most acknowledged commits that may be lost; negative: what the scenario promises. It binds a scenario that is named itself, and
   * of those that a tier stands for the ones that promise no loss.
   */
  long maxLostTransactions() default -1;

  /** How far back the oldest loss may lie, in ISO-8601; binds as {@link #maxLostTransactions}. Empty: not limited. */
  String maxRpo() default "";

  /** The longest time from the fault to the first durable write, in ISO-8601. Empty: not limited. */
  String maxRto() default "";

  /**
   * A major version or a full one, among the binaries on the class path; empty: the newest of them. In the environment {@code docker} a tag
   * of the image {@code postgres}.
   */
  String postgres() default "";

  /** Where the servers run: {@code embedded}, processes on this machine; {@code docker}, containers; {@code auto} takes the first. */
  String environment() default "auto";

  /** How often each scenario is run; the median is reported, unless a run did not pass. */
  int repeat() default 1;

  /** How many clients write at once, 1 to 64. */
  int writers() default 4;

  /** How long they write before the backup begins, in ISO-8601. */
  String warmUp() default "PT1S";

  /** How much data is there before the load begins, in MiB. */
  int databaseMegabytes() default 32;

  /** A file with SQL that makes a schema and data of your own before the drill. Empty: none. */
  String initScript() default "";

  /** A file with queries that must return no row after the recovery. Empty: none. */
  String checkScript() default "";

  /** What a method that is the scenario breaks of what an ordinary stage has not; without a Toxiproxy a test that breaks the network is aborted. */
  Breakable[] breakable() default {};

  /** False lets the method decide about a scenario that failed. */
  boolean failOnBreach() default true;
}
