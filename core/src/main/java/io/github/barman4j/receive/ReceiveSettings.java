package io.github.barman4j.receive;

import io.github.barman4j.protocol.ConnectionSettings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What and how to receive.
 *
 * @param slot the physical replication slot, {@code [a-z0-9_]{1,63}}: the server keeps what has not been acknowledged through it
 * @param createSlot whether to make the slot when it is not there
 * @param spool the directory where segments are received, made when it is not there; of no other server's and on a disk whose fsync can
 *     be believed
 * @param applicationName what {@code synchronous_standby_names} is compared with
 * @param statusInterval how often the server hears from a receiver that has nothing new, from 100 ms on and shorter than
 *     {@code wal_sender_timeout}
 * @param connectTimeout for each host of the connection
 * @param silence how long the server may say nothing although it is asked for a sign of life, from 1 s on: then the connection is
 *     given up and made anew. A shorter {@code wal_sender_timeout} of the server counts instead, and so does a {@code socketTimeout}
 *     in the connection's settings
 * @param keptSegments how many archived segments stay in the spool for a standby's restore_command, 0 or more
 */
public record ReceiveSettings(
    ConnectionSettings connection,
    String slot,
    boolean createSlot,
    Path spool,
    String applicationName,
    Duration statusInterval,
    Duration connectTimeout,
    Duration silence,
    int keptSegments) {
  private static final Duration USUAL_STATUS_INTERVAL = Duration.ofSeconds(10);
  private static final Duration USUAL_CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration USUAL_SILENCE = Duration.ofSeconds(30);

  /** With the slot's name as application name, created when it is not there, the usual intervals of 10 s and a silence of 30 s. */
  public static ReceiveSettings of(ConnectionSettings connection, String slot, Path spool) {
    return new ReceiveSettings(
        connection,
        slot,
        true,
        spool,
        slot,
        USUAL_STATUS_INTERVAL,
        USUAL_CONNECT_TIMEOUT,
        USUAL_SILENCE,
        0);
  }

  public ReceiveSettings withCreateSlot(boolean create) {
    return new ReceiveSettings(
        connection,
        slot,
        create,
        spool,
        applicationName,
        statusInterval,
        connectTimeout,
        silence,
        keptSegments);
  }

  public ReceiveSettings withApplicationName(String name) {
    return new ReceiveSettings(
        connection,
        slot,
        createSlot,
        spool,
        name,
        statusInterval,
        connectTimeout,
        silence,
        keptSegments);
  }

  public ReceiveSettings withConnectTimeout(Duration timeout) {
    return new ReceiveSettings(
        connection,
        slot,
        createSlot,
        spool,
        applicationName,
        statusInterval,
        timeout,
        silence,
        keptSegments);
  }

  public ReceiveSettings withSilence(Duration limit) {
    return new ReceiveSettings(
        connection,
        slot,
        createSlot,
        spool,
        applicationName,
        statusInterval,
        connectTimeout,
        limit,
        keptSegments);
  }

  public ReceiveSettings withKeptSegments(int count) {
    return new ReceiveSettings(
        connection,
        slot,
        createSlot,
        spool,
        applicationName,
        statusInterval,
        connectTimeout,
        silence,
        count);
  }
}
