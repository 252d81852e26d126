package io.github.barman4j.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.TestTemplate;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that runs once for each of some fresh seeds, with a {@link java.util.random.RandomGenerator} parameter made from
 * the seed.
 *
 * <p>The seed is in the display name and in the stack trace of a failure; {@code -Dseed=<seed>} runs that one alone. A
 * seed that found a bug becomes a test of its own, with a name.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@TestTemplate
@ExtendWith(SeedsExtension.class)
public @interface Seeds {
  /** How many seeds. */
  int value();
}
