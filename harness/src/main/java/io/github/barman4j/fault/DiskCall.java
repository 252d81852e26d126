package io.github.barman4j.fault;

/** What a program may ask of a disk, as far as it changes something or makes it last. */
public enum DiskCall {
  MAKE_DIRECTORY,
  CREATE,
  WRITE,
  TRUNCATE,
  /** fsync or fdatasync of a file. */
  FORCE_FILE,
  /** fsync of a directory. */
  FORCE_DIRECTORY,
  RENAME,
  LINK,
  DELETE,
  LOCK;

  /** Whether a disk without any free space refuses it. */
  public boolean needsSpace() {
    return switch (this) {
      case MAKE_DIRECTORY, CREATE, WRITE, RENAME, LINK -> true;
      case TRUNCATE, FORCE_FILE, FORCE_DIRECTORY, DELETE, LOCK -> false;
    };
  }
}
