package io.github.barman4j.drill;

import io.github.barman4j.Event;
import io.github.barman4j.fault.Damage;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.fault.Link;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.report.Check;
import io.github.barman4j.report.Figure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The receiver's network was broken for a while under load, and is whole again.
 *
 * @param said the engine's words, empty when it said nothing in time
 * @param detected from the fault until it said so
 * @param lagBytes what the server had written then and the receiver had not acknowledged
 * @param acknowledged what the receiver had acknowledged at the end of the outage
 * @param kept from where the server kept its log for it then
 * @param backlogBytes what the server had written then and the receiver had not acknowledged
 * @param caughtUp from the end of the outage until the receiver had all of that
 */
record Outage(
    String said,
    Duration detected,
    long lagBytes,
    Lsn acknowledged,
    Lsn kept,
    long backlogBytes,
    Duration caughtUp) {
  private static final int COMMITS = 100;
  private static final int SEGMENTS = 2;

  /**
   * Breaks the link, waits until the receiver says so, lets the load go on over two segments, heals, and waits until the receiver has
   * everything.
   *
   * @param word of what it says
   * @param patience how long it may take until it says so before that is given up
   * @param atLeast how long the outage lasts
   */
  static Outage of(
      Stage stage,
      Fault.OfLink fault,
      Link link,
      String word,
      Duration patience,
      Duration atLeast) {
    Primary primary = stage.primary();
    BackupHost host = stage.host();
    ReceiverSlot slot = new ReceiverSlot(primary, host);
    host.forgetWarnings();
    // That the receiver complains is what is asked for, no news.
    host.serverBroken();
    long begin = System.nanoTime();
    Optional<Event.Warning> warning;
    Duration detected;
    long lag;
    Lsn acknowledged;
    Lsn kept;
    Lsn written;
    try (Damage damage = fault.inject(link)) {
      warning = host.awaitWarning(patience, List.of("receiving was interrupted", word));
      detected = Duration.ofNanos(System.nanoTime() - begin);
      lag = Math.max(0, primary.position().minus(host.flushed()));
      for (int i = 0; i < SEGMENTS; i++) {
        primary.switchSegment();
        stage.awaitCommits(COMMITS, "the network broke", primary.position());
      }
      Hold.on(Duration.ofNanos(Math.max(0, atLeast.toNanos() - (System.nanoTime() - begin))));
      acknowledged = host.flushed();
      kept = slot.position();
      written = primary.position();
    }
    long healed = System.nanoTime();
    slot.await(written);
    Outage outage = new Outage(
        warning.map(Event.Warning::text).orElse(""),
        detected,
        lag,
        acknowledged,
        kept,
        written.minus(acknowledged),
        Duration.ofNanos(System.nanoTime() - healed));
    stage.tell("noticed after " + detected.toMillis() + " ms; caught up with "
        + outage.backlogBytes() + " bytes " + outage.caughtUp().toMillis() + " ms after the end");
    return outage;
  }

  /**
   * What must have come of it.
   *
   * @param atMost how long it may take until it is noticed
   * @param log of {@link ReceivedLog#checks}
   */
  Observation observed(Duration atMost, List<Check> log) {
    boolean inTime = !said.isEmpty() && detected.compareTo(atMost) <= 0;
    List<Check> checks = new ArrayList<>();
    checks.add(new Check(
        "noticed",
        inTime,
        said.isEmpty()
            ? "the receiver said nothing for " + detected.toMillis() + " ms"
            : "after " + detected.toMillis() + " ms of at most " + atMost.toMillis() + ": "
                + said));
    checks.add(new Check(
        "slot-kept",
        !kept.isAfter(acknowledged),
        "the server kept its log from " + kept + " on, the receiver had up to " + acknowledged));
    checks.addAll(log);
    return new Observation(
        checks,
        List.of(
            new Figure("detectionMillis", detected.toMillis()),
            new Figure("lagAtDetectionBytes", lagBytes),
            new Figure("backlogBytes", backlogBytes),
            new Figure("catchUpMillis", caughtUp.toMillis())),
        backlogBytes > 0
            ? List.of()
            : List.of("the server wrote nothing while the network was broken"));
  }
}
