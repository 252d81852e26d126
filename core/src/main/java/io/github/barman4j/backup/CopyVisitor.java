package io.github.barman4j.backup;

import io.github.barman4j.Progress;
import io.github.barman4j.repository.BackupWriter;
import io.github.barman4j.repository.FileInfo;
import io.github.barman4j.server.SourceFile;
import io.github.barman4j.server.SourceVisitor;
import java.io.InputStream;

/** Hands what the page source reads to the repository, and stops when the WAL supply has failed. */
final class CopyVisitor implements SourceVisitor {
  private final BackupWriter writer;
  private final Progress progress;
  private final WalSupply supply;

  CopyVisitor(BackupWriter writer, Progress progress, WalSupply supply) {
    this.writer = writer;
    this.progress = progress;
    this.supply = supply;
  }

  @Override
  public void directory(String path, int mode) {
    writer.directory(path, mode);
  }

  @Override
  public void link(String path, String target) {
    writer.link(path, target);
  }

  @Override
  public void file(SourceFile file, InputStream content) {
    supply.checkAlive();
    writer.file(new FileInfo(file.path(), file.mode(), file.modified(), file.size()), content);
    progress.advance(file.size());
  }
}
