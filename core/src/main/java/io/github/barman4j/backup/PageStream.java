package io.github.barman4j.backup;

import io.github.barman4j.postgres.Page;
import io.github.barman4j.postgres.RelationFile;
import io.github.barman4j.wal.SuspectPages;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Judges the pages of a relation file while they pass, in the buffer of whoever reads them, so that nothing is copied. They have to be read
 * a whole number at a time, but for the file's end. Not thread-safe.
 */
final class PageStream extends FilterInputStream {
  private final String path;
  private final RelationFile file;
  private final SuspectPages suspects;
  private long position;

  PageStream(InputStream content, String path, RelationFile file, SuspectPages suspects) {
    super(content);
    this.path = path;
    this.file = file;
    this.suspects = suspects;
  }

  @Override
  public int readNBytes(byte[] target, int offset, int length) throws IOException {
    if (position % Page.SIZE != 0 && length > 0) {
      throw new IllegalStateException("'" + path + "' is not read page by page");
    }
    int read = in.readNBytes(target, offset, length);
    suspects.judge(path, file, position / Page.SIZE, target, offset, read);
    position += read;
    return read;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = readNBytes(target, offset, length);
    return read == 0 && length > 0 ? -1 : read;
  }

  @Override
  public int read() throws IOException {
    int one = in.read();
    position += one < 0 ? 0 : 1;
    return one;
  }

  @Override
  public long skip(long count) {
    throw new IllegalStateException("'" + path + "' has to be read, not skipped");
  }
}
