package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.ReceiveRequest;
import io.github.barman4j.engine.RunningReceiver;
import java.time.Duration;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Streams WAL into the archive until it is interrupted.
 *
 * <p>Started again, it goes on where it stopped: the replication slot keeps what was not received. With the slot's name in
 * <code>synchronous_standby_names</code>, no commit is acknowledged before it is on this machine's disk.
 */
@Mojo(name = "receive-wal", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class ReceiveWalMojo extends ServerMojo {
  /** How often the log says how far it is, when something has come. */
  private static final Duration REPORT = Duration.ofSeconds(10);

  /** The physical replication slot, and the name under which the server lists the receiver. */
  @Parameter(property = "barman.slot", defaultValue = ReceiveRequest.DEFAULT_SLOT)
  private String slot;

  /** <code>true</code> makes the slot when it is missing. */
  @Parameter(property = "barman.createSlot", defaultValue = "true")
  private String createSlot;

  /** <code>true</code> refuses to run when the server does not count the receiver as a synchronous standby. */
  @Parameter(property = "barman.synchronous", defaultValue = "false")
  private String synchronous;

  /**
   * How many archived segments stay as plain files in the spool's folder <code>recent</code>, for a standby's
   * <code>restore_command</code>: with the partial segment they bring a standby up to the last acknowledged commit when its primary
   * is gone. Not with an encrypted repository.
   */
  @Parameter(property = "barman.receive.keepSegments", defaultValue = "0")
  private String keepSegments;

  /** How long to receive, in ISO-8601. By default until it is interrupted. */
  @Parameter(property = "barman.receive.duration")
  private @Nullable String receiveDuration;

  /** <code>true</code> prints what would be received, and receives nothing. */
  @Parameter(property = "barman.dryRun", defaultValue = "false")
  private String dryRun;

  @Override
  void run() {
    ReceiveRequest request = new ReceiveRequest(
        value("barman.slot", slot).text(),
        value("barman.createSlot", createSlot).flag(),
        value("barman.synchronous", synchronous).flag(),
        value("barman.receive.keepSegments", keepSegments).wholeNumber());
    Duration limit = ParameterValue.of("barman.receive.duration", receiveDuration)
        .map(ParameterValue::duration)
        .orElse(Duration.ofNanos(Long.MAX_VALUE));
    Engine engine = Engine.open(configuration(), new EventLog(getLog()));
    String plan = "WAL on slot '" + request.slot() + "' into " + engine.spool()
        + " and the archive of server '" + engine.configuration().server() + "'";
    if (ParameterValue.flag("barman.dryRun", dryRun)) {
      getLog().info("would receive " + plan);
      return;
    }
    getLog()
        .info("receiving " + plan
            + (receiveDuration == null ? "; Ctrl-C ends it" : " for " + receiveDuration));
    RunningReceiver receiver = engine.startReceiver(request);
    try (receiver) {
      follow(receiver, limit);
    } catch (BarmanException e) {
      if (e.code() != ErrorCode.INTERRUPTED) {
        throw e;
      }
    }
    getLog().info("stopped; durable and acknowledged up to " + receiver.flushed());
  }

  private void follow(RunningReceiver receiver, Duration limit) {
    long start = System.nanoTime();
    String said = "";
    for (Duration left = limit;
        !left.isNegative() && !left.isZero();
        left = limit.minusNanos(System.nanoTime() - start)) {
      if (receiver.awaitEnd(left.compareTo(REPORT) < 0 ? left : REPORT)) {
        return;
      }
      String now = receiver.describe();
      if (!now.equals(said)) {
        getLog().info(now);
        said = now;
      }
    }
  }
}
