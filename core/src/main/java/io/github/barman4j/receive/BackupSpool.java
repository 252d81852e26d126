package io.github.barman4j.receive;

import io.github.barman4j.BarmanException;
import io.github.barman4j.DurableFile;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A directory for one backup's log, which goes with it. */
record BackupSpool(Path directory) implements AutoCloseable {
  static BackupSpool create(Path directory) {
    try {
      DurableFile.createDirectories(directory);
      BackupSpool spool = new BackupSpool(directory);
      spool.empty();
      return spool;
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.IO,
          "the directory " + directory + " for the backup's log cannot be made: " + e,
          "check the owner and the permissions there",
          e);
    }
  }

  /** What cannot be removed stays: the next backup with this directory removes it. */
  @Override
  public void close() {
    try {
      empty();
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      System.getLogger(BackupSpool.class.getName())
          .log(System.Logger.Level.DEBUG, "the spool of the backup was not removed", e);
    }
  }

  private void empty() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }
}
