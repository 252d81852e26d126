package io.github.barman4j.protocol;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Commands and answers on one captured socket: translates errors, hands notices on, and knows whether the connection can still be
 * used. For one thread, but for {@link #abort}, {@link #writer} and {@link #isUsable}.
 */
final class Exchange {
  /** How long any answer may take that needs no more than a lookup. */
  static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(60);

  /** Of one answer, besides the data of a stream: no server sends so many, and one without end is left. */
  private static final int MOST_MESSAGES = 1_000_000;

  private static final Set<String> QUIET = Set.of("LOG", "DEBUG", "INFO", "NOTICE");

  private final ServerSession session;
  private final EventSink events;
  private final MessageReader reader;
  private final MessageWriter writer;
  private final Duration silence;
  private volatile boolean usable = true;
  private volatile boolean closed;
  private boolean busy;
  private int messages;

  Exchange(ServerSession session, EventSink events) throws IOException {
    this.session = session;
    this.events = events;
    this.reader = new MessageReader(session.socket());
    this.writer = new MessageWriter(session.socket());
    this.silence = session.silence(COMMAND_TIMEOUT);
  }

  HostAddress host() {
    return session.host();
  }

  /** How long the server may say nothing: a minute, or the user's socketTimeout. */
  Duration silence() {
    return silence;
  }

  /** The user's socketTimeout, or else what is given. */
  Duration silence(Duration otherwise) {
    return session.silence(otherwise);
  }

  MessageWriter writer() {
    return writer;
  }

  boolean isUsable() {
    return usable;
  }

  boolean hasBuffered() {
    try {
      return reader.hasBuffered();
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /** Sends a command; until {@link #end} no other may be sent. */
  void begin(String command) {
    if (!usable) {
      throw lost(new IOException("the connection is closed"));
    }
    if (busy) {
      throw new IllegalStateException("the connection is busy with another command or stream");
    }
    busy = true;
    messages = 0;
    try {
      writer.query(command);
    } catch (IOException e) {
      throw lost(e);
    }
  }

  void end() {
    busy = false;
  }

  /** Runs a command whose answer is at most one result set each, and gives all of them. */
  List<ResultTable> run(String command, Attempt attempt, String tried) {
    begin(command);
    List<ResultTable> tables = new ArrayList<>();
    ServerErrorException error = null;
    while (true) {
      MessageReader.Message message = require(silence, tried);
      switch (message.type()) {
        case 'T' -> tables.add(parse(message, ResultTable::new));
        case 'D' -> row(tables, message);
        case 'E' -> error = error(message, attempt, tried);
        case 'C', 'I' -> {}
        case 'Z' -> {
          end();
          if (error != null) {
            throw error;
          }
          return tables;
        }
        default -> throw unexpected(message);
      }
    }
  }

  /** Adds a row to the last table. */
  void row(List<ResultTable> tables, MessageReader.Message message) {
    if (tables.isEmpty()) {
      throw broken(Payload.violation("a row without its titles"));
    }
    parse(message, payload -> {
      tables.get(tables.size() - 1).add(payload);
      return tables;
    });
  }

  /** The next message that is neither a notice nor a report; silence is an error. */
  MessageReader.Message require(Duration timeout, String doing) {
    MessageReader.Message message = next(timeout);
    if (message == null) {
      throw silent(timeout, doing);
    }
    return message;
  }

  BarmanException silent(Duration timeout, String doing) {
    return broken(new BarmanException(
        ErrorCode.SERVER_SILENT,
        "the server at " + host() + " has not answered for " + timeout.toSeconds() + " s: " + doing,
        "is the network or the server stuck? socketTimeout in the URL (seconds) allows more."));
  }

  /** The next message that is neither a notice nor a report, or null when the time is up. */
  MessageReader.@Nullable Message next(Duration timeout) {
    long deadline = System.nanoTime() + timeout.toNanos();
    do {
      MessageReader.Message message;
      try {
        message = reader.next(Duration.ofNanos(deadline - System.nanoTime()));
      } catch (InterruptedIOException e) {
        throw broken(new BarmanException(
            ErrorCode.INTERRUPTED,
            "waiting for the server at " + host() + " was interrupted",
            "run it again",
            e));
      } catch (IOException e) {
        throw lost(e);
      } catch (BarmanException e) {
        throw broken(e);
      }
      if (message == null) {
        return null;
      }
      if (message.type() != 'd' && ++messages > MOST_MESSAGES) {
        throw broken(Payload.violation("more than " + MOST_MESSAGES + " messages in one answer"));
      }
      switch (message.type()) {
        case 'N' -> notice(parse(message, ServerMessage::parse));
        case 'S', 'A' -> {}
        default -> {
          return message;
        }
      }
    } while (System.nanoTime() < deadline);
    return null;
  }

  /** Reads up to ReadyForQuery after an error, and gives that error. */
  ServerErrorException failed(MessageReader.Message message, Attempt attempt, String tried) {
    ServerErrorException error = error(message, attempt, tried);
    while (require(silence, tried).type() != 'Z') {
      // What else was under way belongs to the failed command.
    }
    end();
    return error;
  }

  /** The error; a fatal one is thrown, as nothing comes after it. */
  private ServerErrorException error(MessageReader.Message message, Attempt attempt, String tried) {
    ServerMessage found = parse(message, ServerMessage::parse);
    ServerErrorException error = attempt.refused(found, tried + " on " + host(), null);
    if (found.isFatal()) {
      abort();
      throw error;
    }
    return error;
  }

  private void notice(ServerMessage notice) {
    String text = "server " + host() + ": " + notice.text();
    if (QUIET.contains(notice.severity().replaceAll("[0-9]", ""))) {
      events.info(text);
    } else {
      events.warn(text, notice.hint().isEmpty() ? "see the server's log." : notice.hint());
    }
  }

  /** Reads a payload; whatever does not fit makes the connection unusable. */
  <T> T parse(MessageReader.Message message, Function<ByteBuffer, T> parser) {
    try {
      return parser.apply(message.payload());
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw broken(Payload.violation(
          String.format(Locale.ROOT, "a message of type '%c' that ends too early", message.type()),
          e));
    } catch (BarmanException e) {
      throw broken(e);
    }
  }

  BarmanException unexpected(MessageReader.Message message) {
    return broken(Payload.violation(String.format(
        Locale.ROOT, "a message of type 0x%02x that does not belong here", (int) message.type())));
  }

  BarmanException broken(BarmanException reason) {
    abort();
    return reason;
  }

  BarmanException lost(IOException e) {
    String why = closed ? "it was closed on this side" : String.valueOf(e.getMessage());
    return broken(new BarmanException(
        ErrorCode.CONNECTION_LOST,
        "the replication connection to " + host() + " is lost: " + why,
        "look into the server's log; did the server stop, or the network break?",
        e));
  }

  /** Closes the socket at once; whoever reads from it gets an error. */
  void abort() {
    usable = false;
    try {
      // The TCP socket first: TLS would wait to say goodbye.
      session.plain().close();
    } catch (IOException e) {
      System.getLogger(Exchange.class.getName())
          .log(System.Logger.Level.DEBUG, "closing a socket", e);
    }
  }

  /** Says goodbye when nothing is under way, and closes. */
  void close() {
    closed = true;
    if (usable && !busy) {
      try {
        writer.terminate();
      } catch (IOException e) {
        System.getLogger(Exchange.class.getName())
            .log(System.Logger.Level.DEBUG, "the server is gone already", e);
      }
    }
    abort();
    session.close();
  }
}
