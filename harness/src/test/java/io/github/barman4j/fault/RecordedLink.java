package io.github.barman4j.fault;

import java.time.Duration;
import java.util.List;

/** Writes down what it is asked for. */
record RecordedLink(List<String> calls) implements Link {
  @Override
  public String host() {
    return "127.0.0.1";
  }

  @Override
  public int port() {
    return 1;
  }

  @Override
  public Damage cutAfter(long bytes) {
    return called("cut after " + bytes);
  }

  @Override
  public Damage reset() {
    return called("reset");
  }

  @Override
  public Damage swallow() {
    return called("swallow");
  }

  @Override
  public Damage delay(Duration latency, Duration jitter) {
    return called("delay " + latency + " " + jitter);
  }

  @Override
  public Damage limitRate(long bytesPerSecond) {
    return called("rate " + bytesPerSecond);
  }

  @Override
  public Damage partition() {
    return called("partition");
  }

  @Override
  public void close() {
    calls.add("close");
  }

  private Damage called(String what) {
    calls.add(what);
    return () -> calls.add("healed");
  }
}
