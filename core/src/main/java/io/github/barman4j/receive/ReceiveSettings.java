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
 */
public record ReceiveSettings(
    ConnectionSettings connection,
    String slot,
    boolean createSlot,
    Path spool,
    String applicationName,
    Duration statusInterval,
    Duration connectTimeout) {
  private static final Duration USUAL_STATUS_INTERVAL = Duration.ofSeconds(10);
  private static final Duration USUAL_CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** With the slot's name as application name, created when it is not there, and the usual intervals of 10 s. */
  public static ReceiveSettings of(ConnectionSettings connection, String slot, Path spool) {
    return new ReceiveSettings(
        connection, slot, true, spool, slot, USUAL_STATUS_INTERVAL, USUAL_CONNECT_TIMEOUT);
  }

  public ReceiveSettings withCreateSlot(boolean create) {
    return new ReceiveSettings(
        connection, slot, create, spool, applicationName, statusInterval, connectTimeout);
  }

  public ReceiveSettings withApplicationName(String name) {
    return new ReceiveSettings(
        connection, slot, createSlot, spool, name, statusInterval, connectTimeout);
  }

  public ReceiveSettings withConnectTimeout(Duration timeout) {
    return new ReceiveSettings(
        connection, slot, createSlot, spool, applicationName, statusInterval, timeout);
  }
}
