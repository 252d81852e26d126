package io.github.barman4j.protocol;

import static io.github.barman4j.protocol.Messages.join;
import static io.github.barman4j.protocol.Messages.lying;
import static io.github.barman4j.protocol.Messages.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.testing.Seeds;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class MessageReaderTest {
  private static final Duration SOON = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(10);

  private Socket server;
  private Socket client;
  private MessageReader reader;

  @BeforeEach
  void connect() throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      client = new Socket(listener.getInetAddress(), listener.getLocalPort());
      server = listener.accept();
      server.setTcpNoDelay(true);
    }
    reader = new MessageReader(client);
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    server.close();
  }

  private void send(byte[] bytes) throws IOException {
    server.getOutputStream().write(bytes);
  }

  @Test
  void readsOneMessageAfterTheOther() throws IOException {
    send(join(message('a', new byte[] {1, 2}), message('b'), message('c', new byte[100_000])));
    MessageReader.Message first = reader.next(LONG);
    assertThat(first.type()).isEqualTo('a');
    assertThat(first.payload().remaining()).isEqualTo(2);
    assertThat(reader.next(LONG).payload().remaining()).isZero();
    assertThat(reader.next(LONG).payload().remaining()).isEqualTo(100_000);
    assertThat(reader.next(SOON)).isNull();
  }

  @Test
  void losesNothingWhenTheTimeIsUpInTheMiddle() throws IOException {
    byte[] whole = message('x', new byte[] {1, 2, 3});
    for (int cut = 1; cut < whole.length; cut++) {
      server.getOutputStream().write(whole, 0, cut);
      assertThat(reader.next(SOON)).isNull();
      server.getOutputStream().write(whole, cut, whole.length - cut);
      assertThat(reader.next(LONG).payload().get(2)).isEqualTo((byte) 3);
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {3, 0, -1, Integer.MIN_VALUE, MessageReader.LARGEST_MESSAGE + 1, Integer.MAX_VALUE})
  void refusesALengthThatCannotBe(int length) throws IOException {
    send(lying('d', length, new byte[10]));
    assertThatThrownBy(() -> reader.next(LONG))
        .isInstanceOfSatisfying(
            BarmanException.class,
            e -> assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL_VIOLATION))
        .hasMessageContaining("'d'")
        .hasMessageContaining(Integer.toUnsignedString(length));
  }

  @Test
  void readsTheLargestMessageThatMayBe() throws IOException {
    Thread sender = sender(message('d', new byte[MessageReader.LARGEST_MESSAGE - 4]));
    assertThat(reader.next(LONG).payload().remaining())
        .isEqualTo(MessageReader.LARGEST_MESSAGE - 4);
    sender.interrupt();
  }

  @Test
  void givesUpOnAServerThatTrickles() throws IOException {
    send(lying('d', 1000));
    Thread sender = new Thread(() -> {
      try {
        while (true) {
          server.getOutputStream().write(0);
          Thread.sleep(5);
        }
      } catch (IOException | InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    });
    sender.start();
    long before = System.nanoTime();
    assertThat(reader.next(Duration.ofMillis(200))).isNull();
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
    sender.interrupt();
  }

  @Test
  void tellsAnEndBetweenMessagesFromOneWithin() throws IOException {
    send(lying('d', 100, new byte[3]));
    server.close();
    assertThatThrownBy(() -> reader.next(LONG))
        .isInstanceOf(EOFException.class)
        .hasMessageContaining("in the middle");
  }

  @Test
  void knowsWhetherThereIsMoreWithoutWaiting() throws IOException {
    assertThat(reader.hasBuffered()).isFalse();
    send(join(message('a'), message('b')));
    reader.next(LONG);
    assertThat(reader.hasBuffered()).isTrue();
    reader.next(LONG);
    assertThat(reader.hasBuffered()).isFalse();
  }

  @Seeds(20)
  void givesBackWhatWasSentHoweverItIsCut(RandomGenerator random) throws Exception {
    List<byte[]> payloads = new ArrayList<>();
    List<byte[]> messages = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      int limit = random.nextInt(10) == 0 ? 600_000 : 40_000;
      byte[] payload = new byte[random.nextInt(limit)];
      random.nextBytes(payload);
      payloads.add(payload);
      messages.add(message((char) ('A' + i % 26), payload));
    }
    byte[] all = join(messages.toArray(byte[][]::new));
    int[] cuts = random.ints(0, 200_000).limit(1000).toArray();
    Thread sender = sender(all, cuts);
    for (int i = 0; i < payloads.size(); i++) {
      MessageReader.Message message = reader.next(LONG);
      assertThat(message.type()).isEqualTo((char) ('A' + i % 26));
      byte[] found = new byte[message.payload().remaining()];
      message.payload().get(found);
      assertThat(found).isEqualTo(payloads.get(i));
    }
    sender.join();
  }

  private Thread sender(byte[] bytes, int... cuts) {
    Thread sender = new Thread(() -> {
      try {
        OutputStream out = server.getOutputStream();
        int done = 0;
        for (int i = 0; done < bytes.length; i++) {
          int length = cuts.length == 0 ? bytes.length : 1 + cuts[i % cuts.length];
          out.write(bytes, done, Math.min(length, bytes.length - done));
          done += length;
        }
      } catch (IOException e) {
        // the test has what it wants
      }
    });
    sender.start();
    return sender;
  }
}
