package io.github.barman4j.workload;

/** What the client knows about a commit. */
public enum Outcome {
  /** The server has said that it is durable. */
  ACKED,
  /** It certainly did not happen. */
  FAILED,
  /** COMMIT was sent and no answer came, or the server gave up waiting for its synchronous standby. */
  UNKNOWN
}
