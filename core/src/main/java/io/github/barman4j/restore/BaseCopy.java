package io.github.barman4j.restore;

import static java.nio.file.StandardOpenOption.READ;

import io.github.barman4j.BarmanException;
import io.github.barman4j.DurableFile;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.Progress;
import io.github.barman4j.TaskGroup;
import io.github.barman4j.postgres.ControlFile;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.DirectoryEntry;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.FileKind;
import io.github.barman4j.repository.LinkEntry;
import io.github.barman4j.repository.ManifestEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes the files of a backup into a data directory, several at once, and forces them to the disk.
 *
 * <ol>
 *   <li>The manifest is walked once: directories are made at once, files by the tasks of a group. Blocks are verified as they are read; zero
 *       blocks become holes. A file that is large is forced as soon as it is written, by another group, so that disk and processor
 *       work at the same time.
 *   <li>It is walked again: the small files and the directories are forced, many at a time, which lets the file system take them together.
 * </ol>
 *
 * <p>pg_control is left out, and so is what must not come back: tablespace_map, since the links are made anew, signal and pid files.
 */
final class BaseCopy {
  /** Written by the restore itself, or wrong on the restored server. */
  private static final Set<String> LEFT_OUT = Set.of(
      ControlFile.PATH,
      "tablespace_map",
      "tablespace_map.old",
      "backup_label.old",
      "recovery.signal",
      "standby.signal",
      "postmaster.pid",
      "postmaster.opts",
      RestoreMarker.CONTROL_FILE,
      RestoreMarker.FILE_NAME);

  private static final String OLD_SPOOL = WalSpool.FOLDER + "/";

  private static final long LARGE = 1 << 20;

  private static final int QUEUE = 256;
  private static final int SYNCS_PER_JOB = 4;

  private final BackupReader backup;
  private final DataDirectory directory;
  private final int jobs;
  private final Progress progress;
  private final FileCopy copy;
  private final AtomicLong files = new AtomicLong();

  BaseCopy(BackupReader backup, DataDirectory directory, int jobs, EventSink events) {
    this.backup = backup;
    this.directory = directory;
    this.jobs = jobs;
    this.progress = Progress.of(events, "base", backup.bytes());
    this.copy = new FileCopy(backup, directory, progress);
  }

  /**
   * @param stillWanted asked before each file; throws when there is no use in going on
   * @throws BarmanException RESTORE_FAILED when the disk does, an IntegrityException when the backup is damaged
   */
  void run(Runnable stillWanted) {
    try (progress;
        TaskGroup syncs = TaskGroup.of("restore-sync", jobs * SYNCS_PER_JOB, QUEUE)) {
      directory.linkTablespaces();
      try (TaskGroup writers = TaskGroup.of("restore-base", jobs, QUEUE)) {
        for (ManifestEntry entry : backup.entries()) {
          stillWanted.run();
          begin(entry, writers, syncs);
        }
        writers.join();
      }
      directory.addNeededDirectories();
      for (ManifestEntry entry : backup.entries()) {
        sync(entry, syncs);
      }
      syncs.join();
    } catch (IOException e) {
      throw failed(directory.root(), e);
    }
  }

  long bytes() {
    return progress.done();
  }

  long files() {
    return files.get();
  }

  FileCopy copy() {
    return copy;
  }

  private void begin(ManifestEntry entry, TaskGroup writers, TaskGroup syncs) throws IOException {
    if (entry instanceof DirectoryEntry stored && isWanted(stored.path() + "/")) {
      directory.makeDirectory(stored.path(), stored.mode());
    } else if (entry instanceof LinkEntry link && !directory.isTablespaceLink(link.path())) {
      throw new IntegrityException(
          ErrorCode.HOSTILE_ARCHIVE,
          "the backup has a link '" + link.path() + "' that is no tablespace of its own",
          "the backup is damaged or was forged; restore another one.");
    } else if (entry instanceof FileEntry file && isWanted(file)) {
      writers.submit(() -> {
        Path path = write(file);
        if (file.size() >= LARGE) {
          syncs.submit(() -> sync(path));
        }
        return path;
      });
    }
  }

  private static boolean isWanted(FileEntry file) {
    return file.kind() == FileKind.DATA && isWanted(file.path());
  }

  /** Whether a path of a backup comes back; that of a directory ends with a slash. */
  static boolean isWanted(String path) {
    return !LEFT_OUT.contains(path) && !path.startsWith(OLD_SPOOL);
  }

  private Path write(FileEntry file) {
    try {
      Path path = copy.write(file);
      files.incrementAndGet();
      return path;
    } catch (IOException | UncheckedIOException e) {
      throw failed(directory.resolve(file.path()), e);
    }
  }

  private void sync(ManifestEntry entry, TaskGroup syncs) {
    if (entry instanceof DirectoryEntry stored && isWanted(stored.path() + "/")) {
      Path path = directory.resolve(stored.path());
      syncs.submit(() -> {
        DurableFile.syncDirectory(path);
        return path;
      });
    } else if (entry instanceof FileEntry file && isWanted(file) && file.size() < LARGE) {
      Path path = directory.resolve(file.path());
      syncs.submit(() -> sync(path));
    }
  }

  private static Path sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, READ)) {
      DurableFile.sync(channel, path);
    }
    return path;
  }

  private static BarmanException failed(Path path, Exception e) {
    return new BarmanException(
        ErrorCode.RESTORE_FAILED,
        path + " cannot be written: " + (e.getCause() == null ? e : e.getCause()),
        "check the space and the permissions there and restore again: the restore goes on where it stopped.",
        e);
  }
}
