package io.github.barman4j.drill;

/**
 * What the catalogue says about a scenario.
 *
 * @param id for instance {@code S01}
 * @param name for instance {@code kill-primary-synchronous}
 * @param tier 1 belongs into every build, 2 into a nightly one
 * @param promisesNoLoss whether the user's limits on loss bind it
 * @param summary one sentence
 */
public record ScenarioInfo(
    String id, String name, int tier, boolean promisesNoLoss, String summary) {}
