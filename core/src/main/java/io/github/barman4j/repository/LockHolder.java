package io.github.barman4j.repository;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** What this process calls itself in a lock, for those who find it held. */
final class LockHolder {
  private static final Path LINUX_HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private LockHolder() {}

  static String describe(InstantSource clock) {
    return "process " + ProcessHandle.current().pid() + " on " + host() + " since "
        + clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }

  private static String host() {
    try {
      return Files.readString(LINUX_HOST_NAME).strip();
    } catch (IOException e) {
      return InetAddress.getLoopbackAddress().getHostName();
    }
  }
}
