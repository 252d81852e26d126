package io.github.barman4j.workload;

import java.sql.Connection;
import java.sql.SQLException;

/** Opens connections to the server under load; called from several threads. */
@FunctionalInterface
public interface ConnectionSource {
  /** The caller closes it. */
  Connection open() throws SQLException;
}
