package io.github.barman4j;

import java.util.Locale;

/**
 * What went wrong, as a number that programs may rely on: a code is never reused for another fault.
 *
 * <p>The hundreds group the codes: 1xx configuration and connection, 2xx the live server, 3xx the repository, 4xx WAL, 5xx
 * backup and catalog, 6xx restore, 7xx drills, 9xx the machine.
 */
public enum ErrorCode {
  // 1xx: configuration and connection
  INVALID_CONFIGURATION(101),
  INVALID_VALUE(102),
  SECRET_UNREADABLE(103),
  CONNECTION_FAILED(110),
  AUTHENTICATION_FAILED(111),
  HOST_UNKNOWN(112),
  CONNECTION_REJECTED(113),
  TLS_FAILED(114),
  CONNECTION_LOST(115),
  PROTOCOL_VIOLATION(116),
  SERVER_SILENT(117),

  // 2xx: the live server
  SERVER_ERROR(201),
  SERVER_VERSION_UNSUPPORTED(202),
  ROLE_WITHOUT_REPLICATION(203),
  WAL_LEVEL_TOO_LOW(204),
  NO_FREE_WAL_SENDER(205),
  SLOT_IN_USE(206),
  SLOT_MISSING(207),
  SLOT_LOST(208),
  SERVER_OTHER_SYSTEM(209),
  PRECONDITION_FAILED(210),
  HOSTILE_ARCHIVE(211),
  COMPRESSION_UNAVAILABLE(212),
  SLOT_EXISTS(213),
  NO_FREE_SLOT(214),
  WAL_REMOVED(215),
  SERVER_NOT_READY(216),

  // 3xx: the repository
  REPOSITORY_NOT_FOUND(301),
  REPOSITORY_FORMAT_UNKNOWN(302),
  REPOSITORY_UNWRITABLE(303),
  REPOSITORY_OTHER_SYSTEM(304),
  REPOSITORY_LOCKED(305),
  REPOSITORY_DAMAGED(306),
  REPOSITORY_IO(307),
  OBJECT_MISSING(308),

  // 4xx: WAL
  WAL_INVALID(401),
  WAL_DIFFERS(402),
  WAL_GAP(403),
  WAL_NOT_ARCHIVED(404),
  RECEIVER_FAILED(405),
  TIMELINE_UNKNOWN(406),
  TIMELINE_HISTORY_INVALID(407),
  CONTROL_FILE_INVALID(408),
  BACKUP_LABEL_INVALID(409),

  // 5xx: backup and catalog
  BACKUP_FAILED(501),
  BACKUP_UNKNOWN(502),
  BACKUP_AMBIGUOUS(503),
  BACKUP_EXISTS(504),

  // 6xx: restore
  RESTORE_REFUSED(601),
  TARGET_INVALID(602),
  TARGET_UNREACHABLE(603),
  TARGET_BEFORE_BACKUP(604),
  RESTORE_DIRECTORY_NOT_EMPTY(605),
  RESTORE_DIRECTORY_RUNNING(606),
  RESTORE_DIRECTORY_UNWRITABLE(607),
  TABLESPACE_NOT_MAPPED(608),
  RESTORE_OWNER(609),
  RESTORE_SPACE(610),
  RESTORE_FAILED(611),

  // 7xx: drills
  DRILL_CONFIGURATION(701),
  DRILL_CLUSTER(702),
  DRILL_FAILED(703),
  DRILL_BREACH(704),

  // 9xx: the machine
  IO(901),
  INTERRUPTED(902),
  INTERNAL(999);

  private final int number;

  ErrorCode(int number) {
    this.number = number;
  }

  /** For example {@code BRM-302}. */
  public String code() {
    return String.format(Locale.ROOT, "BRM-%03d", number);
  }
}
