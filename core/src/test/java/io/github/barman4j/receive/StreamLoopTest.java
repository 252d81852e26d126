package io.github.barman4j.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.postgres.Lsn;
import io.github.barman4j.postgres.Timeline;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalSegmentSize;
import io.github.barman4j.protocol.WalMessage;
import io.github.barman4j.protocol.WalMessage.EndOfTimeline;
import io.github.barman4j.protocol.WalMessage.Keepalive;
import io.github.barman4j.protocol.WalMessage.ServerStopped;
import io.github.barman4j.protocol.WalMessage.WalData;
import io.github.barman4j.testing.Seeds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamLoopTest {
  private static final WalSegmentSize SIZE = new WalSegmentSize(1 << 20);
  private static final WalSegment FIRST = new WalSegment(Timeline.FIRST, 7, SIZE);
  private static final Lsn START = FIRST.start();

  @TempDir
  private Path directory;

  private final ScriptedSource source = new ScriptedSource();
  private final FaultyDisk disk = new FaultyDisk();
  private final StopSignal stop = new StopSignal();
  private Lsn floor = Lsn.INVALID;
  private Duration statusInterval = Duration.ofMinutes(1);

  @BeforeEach
  void countSyncs() {
    disk.forgetWrites();
  }

  @Test
  void acknowledgesWhatCameAtOnceWithOneSync() throws IOException {
    source.together(data(0, 100), data(100, 50), data(150, 1));
    source.thenRaise(stop);

    run();

    assertThat(source.acknowledged).startsWith(START.plus(151));
    assertThat(disk.syncs()).isEqualTo(1);
  }

  @Test
  void acknowledgesEachTimeTheSocketIsEmpty() throws IOException {
    source.together(data(0, 100));
    source.together(data(100, 50));
    source.thenRaise(stop);

    run();

    assertThat(source.acknowledged).startsWith(START.plus(100), START.plus(150));
  }

  @Test
  void acknowledgesNothingThatTheDiskRefused() {
    source.together(data(0, 100));
    source.then(disk::failSyncs);
    source.together(data(100, 50));

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
        .hasMessageContaining("nothing that is not on it was acknowledged");
    assertThat(source.acknowledged).containsExactly(START.plus(100));
  }

  @Test
  void answersTheServerThatAsks() throws IOException {
    source.together(new Keepalive(START, true));
    source.thenRaise(stop);

    run();

    assertThat(source.acknowledged).hasSizeGreaterThanOrEqualTo(2).containsOnly(Lsn.INVALID);
  }

  @Test
  void reportsByItselfWhenTheIntervalIsOver() throws IOException {
    statusInterval = Duration.ZERO;
    source.together(new Keepalive(START, false));
    source.thenRaise(stop);

    run();

    assertThat(source.acknowledged).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void acknowledgesNothingBelowWhatEarlierStreamsAcknowledged() throws IOException {
    floor = START.plus(120);
    source.together(data(0, 100));
    source.together(data(100, 50));
    source.thenRaise(stop);

    run();

    assertThat(source.acknowledged).startsWith(START.plus(150)).doesNotContain(START.plus(100));
  }

  @Test
  void refusesLogThatDoesNotFollow() {
    source.together(data(0, 100), data(101, 50));

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION));
  }

  @Test
  void endsWithTheTimelineAfterASync() throws IOException {
    EndOfTimeline end = new EndOfTimeline(new Timeline(2), START.plus(100));
    source.together(data(0, 100), end);

    assertThat(run()).contains(end);
    assertThat(disk.syncs()).isEqualTo(1);
  }

  @Test
  void syncsWhatCameBeforeTheServerStopped() {
    source.together(data(0, 100), new ServerStopped());

    assertThatThrownBy(this::run)
        .isInstanceOfSatisfying(
            BarmanException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SERVER_NOT_READY));
    assertThat(disk.syncs()).isEqualTo(1);
  }

  @Test
  void acknowledgesTheLastBytesWhenItIsStopped() throws IOException {
    source.together(data(0, 100));
    source.thenRaise(stop);

    assertThat(run()).isEmpty();
    assertThat(source.acknowledged).last().isEqualTo(START.plus(100));
  }

  @Seeds(100)
  void neverAcknowledgesWhatIsNotOnTheDisk(RandomGenerator random) {
    int at = 0;
    disk.writeShort(random);
    disk.failSometimes(random, 0.05);
    for (int i = 0; i < 40; i++) {
      List<WalMessage> group = new ArrayList<>();
      for (int j = random.nextInt(1, 5); j > 0; j--) {
        int length = random.nextInt(1, 60_000);
        group.add(data(at, length));
        at += length;
      }
      source.together(group.toArray(WalMessage[]::new));
    }
    source.thenRaise(stop);
    source.onStatus = flushed -> {
      if (!flushed.isInvalid()) {
        assertThat(flushed.minus(START)).isLessThanOrEqualTo(durable());
      }
    };

    try {
      run();
      assertThat(source.acknowledged).last().isEqualTo(START.plus(at));
    } catch (BarmanException | IOException e) {
      assertThat(e).hasMessageContaining("failed");
    }
  }

  /** How many bytes of the stream the disk has been forced to keep: the full segments, and of the last one what was synced. */
  private long durable() {
    return disk.durableBytes(directory, FIRST);
  }

  private Optional<EndOfTimeline> run() throws IOException {
    try (PartialFiles files = PartialFiles.durable(directory, SIZE, Spools.plain(), disk);
        SegmentSpool spool = new SegmentSpool(directory, files, FIRST, true, segment -> {})) {
      return new StreamLoop(source, spool, floor, statusInterval, new Indifferent()).run(stop);
    }
  }

  private static WalData data(int at, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 7);
    return new WalData(START.plus(at), START.plus(at + length), ByteBuffer.wrap(bytes));
  }

  private static final class Indifferent implements StreamLoop.Observer {
    @Override
    public void wrote(Lsn written, Lsn serverEnd) {}

    @Override
    public void acknowledged(Lsn flushed) {}

    @Override
    public void check() {}
  }

  /** Gives messages in groups that have arrived together. */
  private static final class ScriptedSource implements LogSource {
    private final Deque<Object> script = new ArrayDeque<>();
    private final List<Lsn> acknowledged = new ArrayList<>();
    private Consumer<Lsn> onStatus = flushed -> {};
    private Deque<WalMessage> group = new ArrayDeque<>();

    void together(WalMessage... messages) {
      script.add(new ArrayDeque<>(List.of(messages)));
    }

    void then(Runnable action) {
      script.add(action);
    }

    void thenRaise(StopSignal stop) {
      then(stop::raise);
    }

    @Override
    @SuppressWarnings("unchecked")
    public @Nullable WalMessage poll(Duration timeout) {
      while (group.isEmpty()) {
        Object next = script.poll();
        if (next == null) {
          throw new AssertionError("the script is over");
        }
        if (next instanceof Runnable action) {
          action.run();
          if (script.isEmpty()) {
            return null;
          }
        } else {
          group = (Deque<WalMessage>) next;
        }
      }
      return group.poll();
    }

    @Override
    public boolean hasBuffered() {
      return !group.isEmpty();
    }

    @Override
    public void status(Lsn written, Lsn flushed) {
      onStatus.accept(flushed);
      acknowledged.add(flushed);
    }
  }
}
