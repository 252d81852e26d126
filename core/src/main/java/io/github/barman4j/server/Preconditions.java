package io.github.barman4j.server;

import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.PostgresVersion;
import java.util.List;

/** What a base backup over the replication protocol needs of a server. Pure. */
final class Preconditions {
  /** The newest major version that this release was tested with. */
  static final int NEWEST_TESTED_MAJOR = 18;

  /** The base backup's own, and one for the WAL that it needs. */
  private static final int SENDERS_FOR_A_BACKUP = 2;

  private Preconditions() {}

  static List<Finding> of(ServerFacts facts) {
    return List.of(
        version(facts.version()),
        walLevel(facts),
        role(facts),
        walSenders(facts.walSenders()),
        slots(facts.replicationSlots()),
        fullPageWrites(facts),
        checksums(facts),
        standby(facts));
  }

  private static Finding version(PostgresVersion version) {
    String name = "PostgreSQL version";
    if (!version.isSupported()) {
      return Finding.failed(
          name,
          version.toString(),
          "PostgreSQL " + PostgresVersion.OLDEST_SUPPORTED_MAJOR
              + " is the oldest that works: upgrade the server.",
          ErrorCode.SERVER_VERSION_UNSUPPORTED);
    }
    if (version.major() > NEWEST_TESTED_MAJOR) {
      return Finding.warning(
          name,
          version.toString(),
          "this release was tested with PostgreSQL up to " + NEWEST_TESTED_MAJOR
              + ": look for a newer release, and try a restore.");
    }
    return Finding.passed(name, version.toString());
  }

  private static Finding walLevel(ServerFacts facts) {
    String name = "wal_level";
    if (facts.walLevel().equals("minimal")) {
      return Finding.failed(
          name,
          "minimal",
          "set wal_level = replica and max_wal_senders = 10, then restart the server.",
          ErrorCode.WAL_LEVEL_TOO_LOW);
    }
    return Finding.passed(name, facts.walLevel());
  }

  private static Finding role(ServerFacts facts) {
    String name = "replication role";
    if (!facts.mayReplicate()) {
      return Finding.failed(
          name,
          "role '" + facts.role() + "' has no REPLICATION",
          "run ALTER ROLE \"" + facts.role() + "\" REPLICATION as a superuser.",
          ErrorCode.ROLE_WITHOUT_REPLICATION);
    }
    return Finding.passed(name, "role '" + facts.role() + "' may replicate");
  }

  private static Finding walSenders(ServerFacts.Usage senders) {
    String name = "max_wal_senders";
    if (senders.free() == 0) {
      return Finding.failed(
          name,
          senders.toString(),
          "raise max_wal_senders and restart the server, or stop another replication client.",
          ErrorCode.NO_FREE_WAL_SENDER);
    }
    if (senders.free() < SENDERS_FOR_A_BACKUP) {
      return Finding.warning(
          name,
          senders.toString(),
          "a backup without a running receiver needs two: raise max_wal_senders and restart the server.");
    }
    return Finding.passed(name, senders.toString());
  }

  private static Finding slots(ServerFacts.Usage slots) {
    String name = "max_replication_slots";
    if (slots.free() == 0) {
      return Finding.warning(
          name,
          slots.toString(),
          "a backup without a running receiver needs a temporary slot: raise max_replication_slots and restart the server, or drop a slot that nobody uses.");
    }
    return Finding.passed(name, slots.toString());
  }

  private static Finding fullPageWrites(ServerFacts facts) {
    String name = "full_page_writes";
    if (!facts.fullPageWrites()) {
      return facts.standby()
          ? Finding.failed(
              name,
              "off, on a standby",
              "set full_page_writes = on on the primary; a backup of a standby needs it.",
              ErrorCode.PRECONDITION_FAILED)
          : Finding.warning(
              name,
              "off",
              "the server forces it for the backup; set it on unless the storage cannot tear a page.");
    }
    return Finding.passed(name, "on");
  }

  private static Finding checksums(ServerFacts facts) {
    String name = "data_checksums";
    return facts.dataChecksums()
        ? Finding.passed(name, "on")
        : Finding.warning(
            name,
            "off",
            "damaged pages of the database cannot be told from good ones; stop the server and run pg_checksums --enable.");
  }

  private static Finding standby(ServerFacts facts) {
    String name = "server";
    return facts.standby()
        ? Finding.warning(
            name,
            "a standby",
            "a backup of a standby begins at its last restart point, and ends when the primary has written enough WAL.")
        : Finding.passed(name, "a primary");
  }
}
