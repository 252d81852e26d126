package io.github.barman4j.repository;

/** Where a file belongs. */
public enum FileKind {
  /** The data directory, tablespaces included. */
  DATA(1),
  /** Configuration that lies elsewhere on the server. */
  CONFIGURATION(2);

  private final byte keyByte;

  FileKind(int keyByte) {
    this.keyByte = (byte) keyByte;
  }

  /** What the keys of the manifest begin with. */
  byte keyByte() {
    return keyByte;
  }
}
