package io.github.barman4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterruptedWorkTest {
  @AfterEach
  void beInterruptedNoMore() {
    Thread.interrupted();
  }

  @Test
  void isTheCauseOfAFileThatWasClosedUnderAnInterruptedThread(@TempDir Path folder)
      throws IOException {
    try (FileChannel channel = FileChannel.open(
        folder.resolve("file"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      Thread.currentThread().interrupt();
      Throwable failure = catchThrowable(() -> channel.write(ByteBuffer.allocate(1)));
      assertThat(InterruptedWork.isCauseOf(new IllegalStateException(failure))).isTrue();
    }
  }

  @Test
  void isTheCauseOfWhatSaysSo() {
    assertThat(InterruptedWork.isCauseOf(new InterruptedException())).isTrue();
    assertThat(InterruptedWork.isCauseOf(
            new IOException(InterruptedWork.in("the work", new IOException()))))
        .isTrue();
  }

  @Test
  void isTheCauseOfWhatWasCancelledUnderAnInterruptedThread() {
    Thread.currentThread().interrupt();
    assertThat(InterruptedWork.isCauseOf(new CancellationException())).isTrue();
  }

  @Test
  void isNotTheCauseOfOtherFailures() {
    assertThat(InterruptedWork.isCauseOf(new ClosedChannelException())).isFalse();
    assertThat(InterruptedWork.isCauseOf(new CancellationException())).isFalse();
    Thread.currentThread().interrupt();
    assertThat(InterruptedWork.isCauseOf(new IOException("No space left on device")))
        .isFalse();
    assertThat(InterruptedWork.isCauseOf(
            new BarmanException(ErrorCode.REPOSITORY_DAMAGED, "it is damaged", "heal it")))
        .isFalse();
  }
}
