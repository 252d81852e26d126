package io.github.barman4j.server;

import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import java.util.List;

/**
 * Where a base backup begins.
 *
 * @param lsn the redo position of its checkpoint: WAL is needed from here on
 * @param estimatedBytes about how many bytes of files will come
 * @param compression how they come: {@code none}, {@code gzip}, {@code zstd}
 */
public record BackupStart(
    Lsn lsn,
    Timeline timeline,
    List<SourceTablespace> tablespaces,
    long estimatedBytes,
    String compression) {
  public BackupStart {
    tablespaces = List.copyOf(tablespaces);
  }
}
