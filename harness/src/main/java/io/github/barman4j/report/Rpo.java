package io.github.barman4j.report;

import java.time.Duration;
import java.util.Optional;

/**
 * What was lost.
 *
 * @param acknowledged commits that had to be there after the recovery
 * @param lostTransactions those of them that were not
 * @param time from the acknowledgement of the oldest lost commit to the fault; zero when none is lost
 * @param bytes of WAL between the last recovered commit and the last that had to be there; 0 when none is lost
 * @param phantoms rows that nobody had written
 * @param nonPrefixLoss lost commits below a surviving one of the same writer
 * @param unknown commits whose outcome no client knows
 * @param unknownRecovered those of them that are there
 * @param overshoot commits beyond the target that are there
 * @param lastSurvivingAge how old the newest surviving acknowledgement was at the fault
 */
public record Rpo(
    long acknowledged,
    long lostTransactions,
    Duration time,
    long bytes,
    long phantoms,
    long nonPrefixLoss,
    long unknown,
    long unknownRecovered,
    long overshoot,
    Optional<Duration> lastSurvivingAge) {}
