package io.github.barman4j.workload;

import io.github.barman4j.BarmanException;
import io.github.barman4j.DurableFile;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What the clients were told: one line per commit in a file, forced to the disk before the writer goes on, and the same in memory.
 *
 * <p>Writers that arrive while the file is being forced share the next force. Thread-safe.
 */
public final class Ledger implements AutoCloseable {
  private final Path file;
  private final FileChannel channel;
  private final List<LedgerEntry> entries = new ArrayList<>();
  private final Object forcing = new Object();
  private long forced;

  private Ledger(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /** @param file must not exist; it stays after {@link #close()} */
  public static Ledger create(Path file) {
    try {
      return new Ledger(
          file, FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  void record(LedgerEntry entry) {
    try {
      long mine;
      synchronized (entries) {
        ByteBuffer line = ByteBuffer.wrap(line(entry).getBytes(StandardCharsets.US_ASCII));
        while (line.hasRemaining()) {
          channel.write(line);
        }
        entries.add(entry);
        mine = entries.size();
      }
      force(mine);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private void force(long mine) throws IOException {
    synchronized (forcing) {
      if (forced >= mine) {
        return;
      }
      long written = size();
      DurableFile.syncData(channel, file);
      forced = written;
    }
  }

  /** In the order in which outcomes were known. */
  public List<LedgerEntry> entries() {
    synchronized (entries) {
      return List.copyOf(entries);
    }
  }

  public int size() {
    synchronized (entries) {
      return entries.size();
    }
  }

  /** How many acknowledged commits lie wholly at or after a position. */
  public int acknowledgedFrom(Lsn position) {
    synchronized (entries) {
      int count = 0;
      for (LedgerEntry entry : entries) {
        if (entry.isAcked() && !entry.before().isBefore(position)) {
          count++;
        }
      }
      return count;
    }
  }

  /** How many acknowledged commits there are. */
  public int acknowledged() {
    return acknowledgedFrom(Lsn.INVALID);
  }

  /** The furthest known position of an acknowledged commit; {@link Lsn#INVALID} when there is none. */
  public Lsn lastAcknowledged() {
    synchronized (entries) {
      Lsn last = Lsn.INVALID;
      for (LedgerEntry entry : entries) {
        if (entry.isAcked()) {
          last = Lsn.max(last, entry.position());
        }
      }
      return last;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private static String line(LedgerEntry entry) {
    return entry.row() + " " + entry.outcome() + " " + entry.xid() + " " + entry.before() + " "
        + entry.after() + " " + entry.nanos() + " " + entry.time() + "\n";
  }

  private static BarmanException failed(Path file, IOException cause) {
    return new BarmanException(
        ErrorCode.DRILL_FAILED,
        "the drill's ledger " + file + " could not be written",
        "see the cause; without its ledger a drill measures nothing",
        cause);
  }
}
