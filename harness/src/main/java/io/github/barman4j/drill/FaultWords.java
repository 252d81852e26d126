package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.fault.Fault;
import io.github.barman4j.postgres.WalSegment;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The vocabulary of faults as words: {@code kill-server} is {@link Fault.KillServer}. A fault whose parts can be written down and that a
 * stage can inject is a word by itself.
 */
final class FaultWords {
  private static final List<String> SEGMENTS = List.of("first", "middle", "last");
  private static final List<String> BACKUPS = List.of("oldest", "latest");
  private static final List<String> WAYS =
      Stream.of(Way.values()).map(Way::word).toList();

  /** Of a fault of the network: which way is broken. */
  private static final String WAY = "way";

  /** The least number that makes sense where it is not zero, by the part's name. */
  private static final Map<String, Long> LEAST = Map.of("bytes", 1L, "bytesPerSecond", 1000L);

  /** The time that may be negative. */
  private static final String SIGNED = "ahead";

  private FaultWords() {}

  /**
   * A fault that a file names.
   *
   * @param way of a fault of the network; of others it means nothing
   */
  record Named(String word, Class<?> type, Way way, Maker maker) {
    Fault in(DrillStage stage) {
      return maker.make(stage);
    }

    /** Whether it lasts until it is healed. */
    boolean isHealed() {
      return !Fault.OfServer.class.isAssignableFrom(type)
          && !Fault.OfStandby.class.isAssignableFrom(type);
    }
  }

  /** Makes a fault that is known when the drill has come to it. */
  interface Maker {
    Fault make(DrillStage stage);
  }

  private interface Part {
    Object of(DrillStage stage);
  }

  static Map<String, Class<?>> known() {
    Map<String, Class<?>> known = new TreeMap<>();
    Stream.of(Fault.class.getPermittedSubclasses())
        .filter(Class::isInterface)
        .flatMap(group -> Stream.of(group.getPermittedSubclasses()))
        .filter(type -> type != Fault.KillReceiver.class)
        .filter(type -> Stream.of(type.getRecordComponents()).allMatch(FaultWords::isReadable))
        .forEach(type -> known.put(word(type), type));
    return known;
  }

  /** @param node a word, or a word with its parts */
  static Named read(YamlNode node) {
    Map<String, Class<?>> known = known();
    List<String> words = List.copyOf(known.keySet());
    if (node.isSingle()) {
      String word = node.word("fault", words);
      Class<?> type = type(known, word);
      if (!written(type).isEmpty()) {
        throw node.refused(
            word + " says nothing of " + String.join(", ", names(type)),
            word + ": {" + String.join(": …, ", names(type)) + ": …}");
      }
      return new Named(word, type, Way.BACKUP_HOST, stage -> made(type, unwritten(type), stage));
    }
    Map.Entry<String, YamlNode> entry = node.only("fault", words);
    return read(type(known, entry.getKey()), entry.getKey(), entry.getValue());
  }

  private static Named read(Class<?> type, String word, YamlNode node) {
    List<RecordComponent> components = written(type);
    boolean hasWay = Fault.OfLink.class.isAssignableFrom(type);
    if (hasWay && components.isEmpty() && node.isSingle()) {
      return new Named(word, type, way(node), stage -> made(type, List.of(), stage));
    }
    if (components.isEmpty() && !hasWay) {
      throw node.refused(word + " has no parts", "'fault: " + word + "'");
    }
    List<Part> parts = new ArrayList<>();
    Way way = Way.BACKUP_HOST;
    if (components.size() == 1 && node.isSingle()) {
      parts.add(part(components.get(0), node));
    } else {
      List<String> keys = new ArrayList<>(names(type));
      if (hasWay) {
        keys.add(WAY);
      }
      Map<String, YamlNode> values = node.mapping(word, keys);
      for (RecordComponent component : components) {
        parts.add(part(component, node.required(values, component.getName())));
      }
      YamlNode wayNode = values.get(WAY);
      way = wayNode == null ? way : way(wayNode);
    }
    return new Named(word, type, way, stage -> made(type, parts, stage));
  }

  /** Another cluster is made by the stage. */
  private static List<Part> unwritten(Class<?> type) {
    return Stream.of(type.getRecordComponents())
        .<Part>map(component -> DrillStage::otherServer)
        .toList();
  }

  private static Way way(YamlNode node) {
    return Way.values()[WAYS.indexOf(node.word(WAY, WAYS))];
  }

  private static Part part(RecordComponent component, YamlNode node) {
    Class<?> type = component.getType();
    String name = component.getName();
    if (type == long.class) {
      long number = node.number(name, LEAST.getOrDefault(name, 0L), Long.MAX_VALUE);
      return stage -> number;
    }
    if (type == Duration.class) {
      Duration duration = name.equals(SIGNED) ? node.signedDuration(name) : node.duration(name);
      return stage -> duration;
    }
    if (type == WalSegment.class) {
      String which = node.word(name, SEGMENTS);
      return stage -> segment(which, stage.archivedSegments());
    }
    if (type == BackupId.class) {
      String which = node.word(name, BACKUPS);
      return stage -> backup(which, stage.backups());
    }
    String text = node.text(name);
    return stage -> text;
  }

  private static WalSegment segment(String which, List<WalSegment> archived) {
    if (archived.isEmpty()) {
      throw Faults.misused("the archive has no complete segment");
    }
    return switch (which) {
      case "first" -> archived.get(0);
      case "last" -> archived.get(archived.size() - 1);
      default -> archived.get(archived.size() / 2);
    };
  }

  private static BackupId backup(String which, List<Backup> taken) {
    if (taken.isEmpty()) {
      throw Faults.misused("no backup was taken yet");
    }
    return taken.get(which.equals("oldest") ? 0 : taken.size() - 1).id();
  }

  private static Fault made(Class<?> type, List<Part> parts, DrillStage stage) {
    Class<?>[] types = Stream.of(type.getRecordComponents())
        .map(RecordComponent::getType)
        .toArray(Class<?>[]::new);
    Object[] values = parts.stream().map(part -> part.of(stage)).toArray();
    try {
      return (Fault) type.getConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new BarmanException(
          ErrorCode.DRILL_CONFIGURATION,
          "the fault " + word(type) + " cannot be made of " + List.of(values),
          "see the cause",
          e);
    }
  }

  private static Class<?> type(Map<String, Class<?>> known, String word) {
    Class<?> type = known.get(word);
    if (type == null) {
      throw new IllegalStateException("there is no fault " + word);
    }
    return type;
  }

  /** Of the parts that are written down. */
  private static List<String> names(Class<?> type) {
    return written(type).stream().map(RecordComponent::getName).toList();
  }

  private static List<RecordComponent> written(Class<?> type) {
    return Stream.of(type.getRecordComponents())
        .filter(component -> component.getType() != ServerConnection.class)
        .toList();
  }

  private static boolean isReadable(RecordComponent component) {
    return List.of(
            String.class,
            long.class,
            Duration.class,
            WalSegment.class,
            BackupId.class,
            ServerConnection.class)
        .contains(component.getType());
  }

  private static String word(Class<?> type) {
    return type.getSimpleName().replaceAll("(?<!^)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
