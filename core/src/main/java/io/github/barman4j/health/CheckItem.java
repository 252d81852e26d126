package io.github.barman4j.health;

/**
 * One thing that was looked at.
 *
 * @param found the fact, with its value
 * @param hint what to do; empty when the item is in order
 */
public record CheckItem(String name, Status status, String found, String hint) {

  /** How bad it is. */
  public enum Status {
    OK,
    WARNING,
    FAILED
  }

  static CheckItem ok(String name, String found) {
    return new CheckItem(name, Status.OK, found, "");
  }

  static CheckItem warning(String name, String found, String hint) {
    return new CheckItem(name, Status.WARNING, found, hint);
  }

  static CheckItem failed(String name, String found, String hint) {
    return new CheckItem(name, Status.FAILED, found, hint);
  }
}
