package io.github.barman4j.cluster;

/** How a server is asked to stop (PostgreSQL manual, "Shutting Down the Server"). */
public enum StopMode {
  /** Waits for clients to leave. */
  SMART("TERM"),
  /** Breaks connections, writes a checkpoint. */
  FAST("INT"),
  /** Without a checkpoint: the next start recovers. */
  IMMEDIATE("QUIT");

  private final String signal;

  StopMode(String signal) {
    this.signal = signal;
  }

  String signal() {
    return signal;
  }
}
