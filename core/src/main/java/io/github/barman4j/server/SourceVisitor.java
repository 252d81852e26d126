package io.github.barman4j.server;

import java.io.InputStream;

/** Takes what a {@link PageSource} reads. Paths are relative to the data directory, with slashes, without a leading or trailing one. */
public interface SourceVisitor {
  /** @param mode permission bits, 0700 for example */
  void directory(String path, int mode);

  /**
   * A tablespace's link.
   *
   * @param path {@code pg_tblspc/<oid>}
   * @param target the absolute path on the server
   */
  void link(String path, String target);

  /** @param content exactly {@code file.size()} bytes; need not be read to its end; not to be used after this call */
  void file(SourceFile file, InputStream content);
}
