package io.github.barman4j.backup;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.Progress;
import io.github.barman4j.postgres.ControlFile;
import io.github.barman4j.postgres.RelationFile;
import io.github.barman4j.repository.BackupWriter;
import io.github.barman4j.repository.FileInfo;
import io.github.barman4j.server.SourceFile;
import io.github.barman4j.server.SourceVisitor;
import io.github.barman4j.wal.SuspectPages;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Hands what the page source reads to the repository, judges its pages, and stops when the WAL supply has failed. */
final class CopyVisitor implements SourceVisitor {
  private static final int LARGEST_CONTROL_FILE = 1 << 20;

  private final BackupWriter writer;
  private final Progress progress;
  private final WalSupply supply;
  private final @Nullable SuspectPages suspects;
  private final ControlFileCopy control;

  /** @param suspects null when the server's pages are of another size */
  CopyVisitor(
      BackupWriter writer,
      Progress progress,
      WalSupply supply,
      @Nullable SuspectPages suspects,
      ControlFileCopy control) {
    this.writer = writer;
    this.progress = progress;
    this.supply = supply;
    this.suspects = suspects;
    this.control = control;
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
    FileInfo info = new FileInfo(file.path(), file.mode(), file.modified(), file.size());
    writer.file(info, judged(file, content));
    progress.advance(file.size());
  }

  private InputStream judged(SourceFile file, InputStream content) {
    if (file.path().equals(ControlFile.PATH) && file.size() <= LARGEST_CONTROL_FILE) {
      return new ByteArrayInputStream(control.whole(bytes(content)));
    }
    SuspectPages judge = suspects;
    Optional<RelationFile> relation = RelationFile.of(file.path());
    return judge == null || relation.isEmpty()
        ? content
        : new PageStream(content, file.path(), relation.get(), judge);
  }

  private static byte[] bytes(InputStream content) {
    try {
      return content.readAllBytes();
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.BACKUP_FAILED,
          "reading pg_control from the server failed: " + e.getMessage(),
          "see why the connection ended in the server's log, and take the backup again",
          e);
    }
  }
}
