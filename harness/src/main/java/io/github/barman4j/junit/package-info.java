/**
 * Drills as tests of JUnit 5: {@link io.github.barman4j.junit.DisasterDrill} on a method, and assertions about what a drill has found.
 *
 * <p>JUnit and AssertJ are the user's own; nothing else of the harness needs them. Imports {@code drill}, and of the others their values.
 *
 * <p>A test, step by step: {@code DisasterDrillExtension} reads the annotation and makes one invocation for each scenario; {@code
 * PostgresOnClassPath} finds the server's programs; before the method, {@code CatalogueDrill} runs its scenario and fails the test on a
 * breach, or {@code HandsOnDrill} opens a stage that the method works with, and judges it afterwards. Promises: a scenario that could not
 * be run aborts its test with the reason, it never passes; a method that breaks things itself cannot pass without a recovery that was
 * compared; nothing is left of a drill when its test is over.
 */
@NullMarked
package io.github.barman4j.junit;

import org.jspecify.annotations.NullMarked;
