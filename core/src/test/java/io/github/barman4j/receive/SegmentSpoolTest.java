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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SegmentSpoolTest {
  private static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);
  private static final WalSegment FIRST = new WalSegment(Timeline.FIRST, 7, SIZE);

  @TempDir
  private Path directory;

  private final List<WalSegment> completed = new ArrayList<>();
  private final FaultyDisk disk = new FaultyDisk();

  @Test
  void givesASegmentItsFullSizeFromTheBeginning() throws IOException {
    try (PartialFiles files = files();
        SegmentSpool spool = spool(files)) {
      spool.write(bytes(100, 1));
    }

    Path file = PartialSegment.fileOf(directory, FIRST);
    assertThat(file).hasSize(SIZE.bytes());
    assertThat(Files.readAllBytes(file)).startsWith(bytes(100, 1).array()).endsWith(0, 0, 0);
  }

  @Test
  void countsNothingAsFlushedBeforeTheSync() throws IOException {
    try (PartialFiles files = files();
        SegmentSpool spool = spool(files)) {
      spool.write(bytes(100, 1));
      assertThat(spool.flushed()).isEqualTo(Lsn.INVALID);
      assertThat(spool.isDirty()).isTrue();

      spool.sync();
      assertThat(spool.flushed()).isEqualTo(FIRST.start().plus(100));
      assertThat(spool.isDirty()).isFalse();
    }
  }

  @Test
  void countsNothingAsFlushedWhenTheSyncFails() throws IOException {
    try (PartialFiles files = files();
        SegmentSpool spool = spool(files)) {
      spool.write(bytes(100, 1));
      spool.sync();
      spool.write(bytes(50, 2));
      disk.failSyncs();

      assertThatThrownBy(spool::sync).isInstanceOf(IOException.class);
      assertThat(spool.flushed()).isEqualTo(FIRST.start().plus(100));
    }
  }

  @Test
  void countsAFullSegmentOnlyWithItsFinalName() throws IOException {
    try (PartialFiles files = files();
        SegmentSpool spool = spool(files)) {
      spool.write(bytes(SIZE.bytes() - 1, 1));
      disk.failSyncs();

      assertThatThrownBy(() -> spool.write(bytes(1, 1))).isInstanceOf(IOException.class);
      assertThat(spool.flushed()).isEqualTo(Lsn.INVALID);
      assertThat(completed).isEmpty();
      assertThat(directory.resolve(FIRST.name())).doesNotExist();
    }
  }

  @Test
  void countsNothingOfAWriteThatFails() throws IOException {
    try (PartialFiles files = files();
        SegmentSpool spool = spool(files)) {
      spool.write(bytes(100, 1));
      disk.fillAfter(150);

      assertThatThrownBy(() -> spool.write(bytes(100, 2)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left");
      assertThat(spool.written()).isEqualTo(FIRST.start().plus(100));
    }
  }

  @Seeds(20)
  void writesTheStreamWhateverItsPiecesAndTheDisksShortWrites(RandomGenerator random)
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
    assertThat(completed).containsExactly(FIRST, second);
    assertThat(Files.readAllBytes(directory.resolve(FIRST.name())))
        .isEqualTo(Arrays.copyOf(stream, SIZE.bytes()));
    assertThat(Files.readAllBytes(directory.resolve(second.name())))
        .isEqualTo(Arrays.copyOfRange(stream, SIZE.bytes(), 2 * SIZE.bytes()));
    assertThat(Files.readAllBytes(PartialSegment.fileOf(directory, second.next())))
        .isEqualTo(Arrays.copyOfRange(stream, 2 * SIZE.bytes(), 3 * SIZE.bytes()));
  }

  @Test
  void writesTheSameBytesAgainAfterARestart() throws IOException {
    byte[] stream = bytes(1000, 3).array();
    try (PartialFiles files = files();
        SegmentSpool spool = spool(files)) {
      spool.write(ByteBuffer.wrap(stream));
      spool.sync();
    }
    disk.forgetWrites();
    try (PartialFiles files = files();
        SegmentSpool spool = spool(files)) {
      spool.write(ByteBuffer.wrap(stream, 0, 600));
      spool.sync();
      assertThat(spool.flushed()).isEqualTo(FIRST.start().plus(600));
    }

    assertThat(disk.written()).isEqualTo(600);
    assertThat(Files.readAllBytes(PartialSegment.fileOf(directory, FIRST)))
        .startsWith(stream)
        .hasSize(SIZE.bytes());
  }

  @Test
  void refusesOtherBytesThanAnEarlierRunHasReceived() throws IOException {
    byte[] stream = bytes(200_000, 3).array();
    try (PartialFiles files = files();
        SegmentSpool spool = spool(files)) {
      spool.write(ByteBuffer.wrap(stream));
    }
    byte[] other = stream.clone();
    other[150_000]++;
    try (PartialFiles files = files();
        SegmentSpool spool = spool(files)) {
      assertThatThrownBy(() -> spool.write(ByteBuffer.wrap(other)))
          .isInstanceOfSatisfying(
              BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.WAL_DIFFERS))
          .hasMessageContaining(FIRST.start().plus(150_000).toString());
    }

    assertThat(Files.readAllBytes(PartialSegment.fileOf(directory, FIRST))).startsWith(stream);
  }

  @Test
  void fillsWhatALossOfPowerHasLeftAsZeros() throws IOException {
    byte[] stream = bytes(200_000, 3).array();
    byte[] torn = stream.clone();
    Arrays.fill(torn, 4096, 8192, (byte) 0);
    Arrays.fill(torn, 100_000, 150_000, (byte) 0);
    try (PartialFiles files = files();
        SegmentSpool spool = spool(files)) {
      spool.write(ByteBuffer.wrap(torn));
    }
    try (PartialFiles files = files();
        SegmentSpool spool = spool(files)) {
      spool.write(ByteBuffer.wrap(stream));
    }

    assertThat(Files.readAllBytes(PartialSegment.fileOf(directory, FIRST))).startsWith(stream);
  }

  @Test
  void leavesNothingHalfMadeBehind() throws IOException {
    try (PartialFiles files = files();
        SegmentSpool spool = spool(files)) {
      spool.write(bytes(100, 1));
    }

    try (var left = Files.list(directory)) {
      assertThat(left).containsExactly(PartialSegment.fileOf(directory, FIRST));
    }
  }

  @Test
  void removesWhatAKilledProcessHasLeftHalfMade() throws IOException {
    Files.createFile(directory.resolve(".tmp-1"));
    Files.createFile(directory.resolve("next-segment"));
    Files.createFile(directory.resolve(FIRST.name() + ".resuming"));
    Path partial = Files.createFile(PartialSegment.fileOf(directory, FIRST));

    PartialFiles.removeLeftovers(directory);

    try (var left = Files.list(directory)) {
      assertThat(left).containsExactly(partial);
    }
  }

  private PartialFiles files() throws IOException {
    return PartialFiles.durable(directory, SIZE, Spools.plain(), disk);
  }

  private SegmentSpool spool(PartialFiles files) {
    return new SegmentSpool(directory, files, FIRST, true, completed::add);
  }

  /** Bytes none of which is zero. */
  private static ByteBuffer bytes(int length, int seed) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (1 + (i * 31 + seed) % 255);
    }
    return ByteBuffer.wrap(bytes);
  }
}
