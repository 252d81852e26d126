package io.github.barman4j.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.testing.Seeds;
import io.github.barman4j.wal.PartialSegment;
import io.github.barman4j.wal.SpoolFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The spool of an encrypted repository. */
class SealedSpoolTest {
  private static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);
  private static final WalSegment FIRST = new WalSegment(Timeline.FIRST, 7, SIZE);
  private static final int HEADER_BYTES = 16;
  private static final int RECORD_BYTES = 44;

  @TempDir
  private Path directory;

  private final SpoolFiles format = Spools.sealed();
  private final FaultyDisk disk = new FaultyDisk();
  private final List<WalSegment> completed = new ArrayList<>();

  @Seeds(20)
  void givesBackTheStreamWhateverItsPiecesAndTheDisksShortWrites(RandomGenerator random)
      throws IOException {
    byte[] stream = new byte[2 * SIZE.bytes() + random.nextInt(SIZE.bytes())];
    random.nextBytes(stream);
    disk.writeShort(random);
    try (PartialFiles files = files();
        SegmentSpool spool = spool(files)) {
      for (int at = 0; at < stream.length; ) {
        int length = Math.min(stream.length - at, random.nextInt(1, 300_000));
        spool.write(ByteBuffer.wrap(stream, at, length));
        at += length;
        if (random.nextInt(4) == 0) {
          spool.sync();
          assertThat(spool.flushed()).isEqualTo(FIRST.start().plus(at));
        }
      }
    }

    WalSegment second = FIRST.next();
    WalSegment third = second.next();
    assertThat(completed).containsExactly(FIRST, second);
    assertThat(bytes(FIRST, directory.resolve(FIRST.name())))
        .isEqualTo(Arrays.copyOf(stream, SIZE.bytes()));
    assertThat(bytes(second, directory.resolve(second.name())))
        .isEqualTo(Arrays.copyOfRange(stream, SIZE.bytes(), 2 * SIZE.bytes()));
    assertThat(bytes(third, PartialSegment.fileOf(directory, third)))
        .isEqualTo(Arrays.copyOfRange(stream, 2 * SIZE.bytes(), stream.length));
  }

  @Test
  void holdsNothingThatCanBeReadWithoutTheKey() throws IOException {
    byte[] secret = "a name that nobody may read".getBytes(StandardCharsets.US_ASCII);
    byte[] stream = new byte[SIZE.bytes() + 5000];
    for (int at = 0; at + secret.length < stream.length; at += 1000) {
      System.arraycopy(secret, 0, stream, at, secret.length);
    }
    write(stream);

    try (var files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as("%s", file)
            .doesNotContain("nobody may read");
      }
    }
    assertThat(new String(bytes(FIRST, directory.resolve(FIRST.name())), StandardCharsets.US_ASCII))
        .contains("nobody may read");
  }

  @Test
  void acknowledgesNothingBeforeItHasWhatAnEarlierRunHad() throws IOException {
    byte[] stream = stream(200_000);
    write(Arrays.copyOf(stream, 100_000));
    Path file = PartialSegment.fileOf(directory, FIRST);
    byte[] earlier = Files.readAllBytes(file);
    try (PartialFiles files = files();
        SegmentSpool spool = spool(files)) {
      spool.write(ByteBuffer.wrap(stream, 0, 99_999));
      spool.sync();
      assertThat(spool.flushed()).isEqualTo(Lsn.INVALID);
      assertThat(file).hasBinaryContent(earlier);

      spool.write(ByteBuffer.wrap(stream, 99_999, 1));
      assertThat(file).hasBinaryContent(earlier);
      spool.sync();
      assertThat(spool.flushed()).isEqualTo(FIRST.start().plus(100_000));
      assertThat(Files.readAllBytes(file)).isNotEqualTo(earlier);

      spool.write(ByteBuffer.wrap(stream, 100_000, 100_000));
      spool.sync();
      assertThat(spool.flushed()).isEqualTo(FIRST.start().plus(200_000));
    }
    assertThat(bytes(FIRST, file)).isEqualTo(stream);
    assertThat(directory).isDirectoryNotContaining("glob:**.resuming");
  }

  @Test
  void keepsTheEarlierRunsFileWhenItEndsBeforeItHasAsMuch() throws IOException {
    byte[] stream = stream(100_000);
    write(stream);
    write(Arrays.copyOf(stream, 50_000));

    assertThat(bytes(FIRST, PartialSegment.fileOf(directory, FIRST))).isEqualTo(stream);
    assertThat(directory).isDirectoryNotContaining("glob:**.resuming");
  }

  @Test
  void countsNothingWhenTheSyncFails() throws IOException {
    try (PartialFiles files = files();
        SegmentSpool spool = spool(files)) {
      spool.write(ByteBuffer.wrap(stream(100)));
      spool.sync();
      spool.write(ByteBuffer.wrap(stream(50)));
      disk.failSyncs();

      assertThatThrownBy(spool::sync).isInstanceOf(IOException.class);
      assertThat(spool.flushed()).isEqualTo(FIRST.start().plus(100));
    }
  }

  @Test
  void refusesOtherBytesThanAnEarlierRunHasReceived() throws IOException {
    byte[] stream = stream(200_000);
    write(stream);
    byte[] other = stream.clone();
    other[150_000]++;

    assertThatThrownBy(() -> write(other))
        .isInstanceOfSatisfying(
            BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WAL_DIFFERS))
        .hasMessageContaining(FIRST.start().plus(150_000).toString());
    assertThat(bytes(FIRST, PartialSegment.fileOf(directory, FIRST))).isEqualTo(stream);
  }

  /** What a loss of power leaves: records that were forced, then anything. */
  @Seeds(100)
  void readsUpToWhereTheFileIsTornAndNeverOtherBytes(RandomGenerator random) throws IOException {
    byte[] stream = stream(20_000);
    int forced = 0;
    int forcedFile = 0;
    int usedFile = HEADER_BYTES;
    try (PartialFiles files = files();
        SegmentSpool spool = spool(files)) {
      for (int at = 0; at < stream.length; ) {
        int length = Math.min(stream.length - at, random.nextInt(1, 3000));
        spool.write(ByteBuffer.wrap(stream, at, length));
        spool.sync();
        at += length;
        usedFile += length + RECORD_BYTES;
        if (at < 10_000) {
          forced = at;
          forcedFile = usedFile;
        }
      }
    }
    Path file = PartialSegment.fileOf(directory, FIRST);
    byte[] torn = Files.readAllBytes(file);
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      int at = random.nextInt(forcedFile, usedFile);
      int length = Math.min(torn.length - at, random.nextInt(1, 5000));
      if (random.nextBoolean()) {
        Arrays.fill(torn, at, at + length, (byte) 0);
      } else {
        torn[at] ^= (byte) random.nextInt(1, 256);
      }
    }
    Files.write(file, torn);

    byte[] read = bytes(FIRST, file);

    assertThat(read.length).isBetween(forced, stream.length);
    assertThat(read).isEqualTo(Arrays.copyOf(stream, read.length));
  }

  @Test
  void opensAFileNowhereElse() throws IOException {
    write(stream(1000));
    Path file = PartialSegment.fileOf(directory, FIRST);

    assertThat(bytes(FIRST, file)).hasSize(1000);
    assertThat(bytes(FIRST.next(), file)).isEmpty();
    assertThat(bytes(FIRST.onTimeline(new Timeline(2)), file)).isEmpty();
    try (InputStream foreign = Spools.sealed().open(FIRST, file)) {
      assertThat(foreign.readAllBytes()).isEmpty();
    }
    assertThatThrownBy(() -> Spools.plain().open(FIRST, file))
        .isInstanceOfSatisfying(
            BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WAL_INVALID));
  }

  @Test
  void refusesAPlainFileOfAnotherSpoolAndTakesOneInWhichNothingHasCome() throws IOException {
    Path file = PartialSegment.fileOf(directory, FIRST);
    byte[] plain = new byte[SIZE.bytes()];
    Files.write(file, plain);
    write(stream(1000));
    assertThat(bytes(FIRST, file)).isEqualTo(stream(1000));

    plain[4000] = 1;
    Files.write(file, plain);
    assertThatThrownBy(() -> write(stream(1000)))
        .isInstanceOf(BarmanException.class)
        .hasMessageContaining("is not sealed");
    assertThat(file).hasBinaryContent(plain);
  }

  private void write(byte[] stream) throws IOException {
    try (PartialFiles files = files();
        SegmentSpool spool = spool(files)) {
      spool.write(ByteBuffer.wrap(stream));
      spool.sync();
    }
  }

  private PartialFiles files() throws IOException {
    return PartialFiles.durable(directory, SIZE, format, disk);
  }

  private SegmentSpool spool(PartialFiles files) {
    return new SegmentSpool(directory, files, FIRST, true, completed::add);
  }

  private byte[] bytes(WalSegment segment, Path file) throws IOException {
    try (InputStream in = format.open(segment, file)) {
      return in.readAllBytes();
    }
  }

  /** Bytes none of which is zero. */
  private static byte[] stream(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (1 + i * 31 % 255);
    }
    return bytes;
  }
}
