package io.github.barman4j.restore;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.barman4j.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The folder in a restored data directory that recovery takes its WAL from, and the shell script that hands it over.
 *
 * <pre>
 * barman_wal/restore_command   the script, run by PostgreSQL in the data directory: no path needs quoting
 * barman_wal/list              the names of all files that there will be, one a line
 * barman_wal/wal/              the files; each appears whole, by rename
 * barman_wal/incoming/         files on their way
 * barman_wal/heartbeat         a number that changes while the filler lives
 * barman_wal/complete          all files are there
 * barman_wal/failed            the filler has given up
 * barman_wal/begun             of a standby: the segments of which only the beginning is known
 * barman_wal/handed.*          of a standby: those of them that PostgreSQL has got
 * </pre>
 *
 * <p>The filler is known to live by its heartbeat, not by its process id: PostgreSQL may run as another user, who may not signal the
 * filler, or in another process namespace.
 *
 * <p>When recovery has ended, PostgreSQL runs {@link #RECOVERY_END_COMMAND}, which empties the list and deletes the WAL. The script
 * stays, and answers "not here" to everything, so that a server that is made a standby later is not stopped by a command that is
 * gone; whoever resets restore_command may delete the folder.
 */
final class WalSpool {
  static final String FOLDER = "barman_wal";

  /** The setting restore_command; relative, since the server's working directory is its data directory (manual, 26.3.4). */
  static final String RESTORE_COMMAND = "exec sh " + FOLDER + "/restore_command \"%f\" \"%p\"";

  /** The setting recovery_end_command. */
  static final String RECOVERY_END_COMMAND =
      ": > " + FOLDER + "/list; rm -rf " + FOLDER + "/incoming " + FOLDER + "/wal";

  /** How long the script waits for a heartbeat that does not change: this often 50 ms. */
  static final int DEFAULT_PATIENCE = 600;

  // Exit 1 tells PostgreSQL that there is no such file, any code up to 125 too: recovery ends
  // there. Above 125 the server stops with
  // FATAL instead (xlogarchive.c, RestoreArchivedFile, 15–18), which is right for a file that
  // should be there.
  private static final String SCRIPT = """
      # Hands over the WAL of a restore: $1 is the file that PostgreSQL wants, $2 where it wants it.
      # Exit 0: copied. 1: the restore has no such file. 126: it should have it and does not.
      spool=%s
      grep -q -x -F -e "$1" "$spool/list"
      case $? in
        0) ;;
        1) exit 1 ;;
        *) exit 126 ;;
      esac
      beat=
      same=0
      until [ -f "$spool/wal/$1" ]; do
        if [ -e "$spool/complete" ] || [ -e "$spool/failed" ]; then
          [ -f "$spool/wal/$1" ] && break
          echo "barman: $1 is on the list and not in $spool/wal" >&2
          exit 126
        fi
        kill -0 "$PPID" 2>/dev/null || exit 126
        last=$beat
        read -r beat <"$spool/heartbeat" 2>/dev/null
        if [ "$beat" = "$last" ]; then
          same=$((same + 1))
        else
          same=0
        fi
        if [ "$same" -ge %d ]; then
          echo "barman: whoever brings $1 is gone" >&2
          exit 126
        fi
        sleep 0.05 2>/dev/null || sleep 1
      done
      if cp "$spool/wal/$1" "$2.barman" && mv -f "$2.barman" "$2"; then
        exit 0
      fi
      rm -f "$2.barman"
      exit 126
      """;

  // A standby is never kept waiting: what is not there it gets from its primary, or asks for again.
  // A segment of which only the beginning was received is handed over once: PostgreSQL keeps it in
  // pg_wal (xlogarchive.c, KeepFileRestoredFromArchive, 15–18), and what is streamed into it there
  // is more than what lies here. Given again at the promotion, it would end in PANIC.
  private static final String STANDBY_SCRIPT = """
      # Hands over the WAL of a restore: $1 is the file that PostgreSQL wants, $2 where it wants it.
      # Exit 0: copied. 1: it is not here, or pg_wal has more of it.
      spool=%s
      [ -f "$spool/wal/$1" ] || exit 1
      if grep -q -x -F -e "$1" "$spool/begun"; then
        [ -e "$spool/handed.$1" ] && [ -f "pg_wal/$1" ] && exit 1
        : >"$spool/handed.$1" || exit 1
      fi
      if cp "$spool/wal/$1" "$2.barman" && mv -f "$2.barman" "$2"; then
        exit 0
      fi
      rm -f "$2.barman"
      exit 1
      """;

  private final Path folder;
  private final FileOwner owner;

  private WalSpool(Path folder, FileOwner owner) {
    this.folder = folder;
    this.owner = owner;
  }

  /**
   * Makes the folder, the script and the list, durably; nothing is there to hand over yet.
   *
   * @param names all files that there will be: segments under their full names, and history files
   */
  static WalSpool create(Path dataDirectory, List<String> names, FileOwner owner)
      throws IOException {
    return create(dataDirectory, names, owner, waiting(DEFAULT_PATIENCE));
  }

  /**
   * The same for a standby, whose script answers at once, whatever is there.
   *
   * @param begun those of the names of which only the beginning is known
   */
  static WalSpool forStandby(
      Path dataDirectory, List<String> names, List<String> begun, FileOwner owner)
      throws IOException {
    WalSpool spool =
        create(dataDirectory, names, owner, String.format(Locale.ROOT, STANDBY_SCRIPT, FOLDER));
    spool.putLines("begun", begun);
    return spool;
  }

  /** @param patience how long the script waits for a heartbeat that does not change: this often 50 ms */
  static String waiting(int patience) {
    return String.format(Locale.ROOT, SCRIPT, FOLDER, patience);
  }

  static WalSpool create(Path dataDirectory, List<String> names, FileOwner owner, String script)
      throws IOException {
    WalSpool spool = new WalSpool(dataDirectory.resolve(FOLDER), owner);
    for (Path directory : List.of(spool.folder, spool.folder.resolve("wal"), spool.incoming())) {
      DurableFile.createDirectories(directory);
      owner.give(directory);
    }
    spool.putLines("list", names);
    spool.put("restore_command", script.getBytes(UTF_8));
    spool.put("heartbeat", "0\n".getBytes(US_ASCII));
    return spool;
  }

  /** Where files are made before {@link #publish}. */
  Path incoming() {
    return folder.resolve("incoming");
  }

  /**
   * Hands a file over that lies in {@link #incoming}, whole and durable.
   *
   * @return false when recovery has ended meanwhile and the folder is gone: nobody wants the file any more
   */
  boolean publish(String name) throws IOException {
    Path ready = incoming().resolve(name);
    if (isAbandoned()) {
      return false;
    }
    try {
      owner.give(ready);
      DurableFile.rename(ready, folder.resolve("wal").resolve(name));
      return true;
    } catch (IOException e) {
      if (isAbandoned()) {
        return false;
      }
      throw e;
    }
  }

  /** Whether recovery has ended: its end command empties the list first of all. */
  boolean isAbandoned() {
    try {
      return Files.size(folder.resolve("list")) == 0;
    } catch (IOException e) {
      return true;
    }
  }

  /** Shows that the filler lives; {@code count} differs from the last one. Needs no durability. */
  void beat(long count) throws IOException {
    Files.writeString(folder.resolve("heartbeat"), count + "\n", US_ASCII);
  }

  /** All files are there. */
  void complete() throws IOException {
    put("complete", new byte[0]);
  }

  /** No more files will come: whoever waits for one stops. */
  void fail() throws IOException {
    put("failed", new byte[0]);
  }

  private void putLines(String name, List<String> lines) throws IOException {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    put(name, text.toString().getBytes(US_ASCII));
  }

  private void put(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    DurableFile.write(file, content);
    owner.give(file);
  }
}
