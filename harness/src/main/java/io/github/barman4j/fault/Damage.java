package io.github.barman4j.fault;

/** A fault that lasts until it is healed; healing it again changes nothing. */
@FunctionalInterface
public interface Damage extends AutoCloseable {
  /** Makes everything as it was. */
  @Override
  void close();
}
