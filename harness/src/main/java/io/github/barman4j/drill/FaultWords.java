package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.catalog.BackupId;
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

  private FaultWords() {}

  /** A fault that is known when the drill has come to it. */
  interface Words {
    Fault spoken(DrillStage stage);
  }

  private interface Part {
    Object of(DrillStage stage);
  }

  static Map<String, Class<?>> known() {
    Map<String, Class<?>> known = new TreeMap<>();
    Stream.of(Fault.OfServer.class, Fault.OfHost.class)
        .flatMap(group -> Stream.of(group.getPermittedSubclasses()))
        .filter(type -> type != Fault.KillReceiver.class)
        .filter(type -> Stream.of(type.getRecordComponents()).allMatch(FaultWords::isReadable))
        .forEach(type -> known.put(word(type), type));
    return known;
  }

  /** @param node a word, or a word with its parts */
  static Words read(YamlNode node) {
    Map<String, Class<?>> known = known();
    List<String> words = List.copyOf(known.keySet());
    if (node.isText()) {
      String word = node.word("fault", words);
      Class<?> type = type(known, word);
      if (type.getRecordComponents().length > 0) {
        throw node.refused(
            word + " says nothing of " + String.join(", ", names(type)),
            word + ": {" + String.join(": …, ", names(type)) + ": …}");
      }
      return stage -> made(type, List.of(), stage);
    }
    Map.Entry<String, YamlNode> entry = node.only("fault", words);
    return read(type(known, entry.getKey()), entry.getKey(), entry.getValue());
  }

  private static Words read(Class<?> type, String word, YamlNode node) {
    RecordComponent[] components = type.getRecordComponents();
    List<Part> parts = new ArrayList<>();
    if (components.length == 1 && node.isText()) {
      parts.add(part(components[0], node));
    } else {
      Map<String, YamlNode> values = node.mapping(word, names(type));
      for (RecordComponent component : components) {
        parts.add(part(component, node.required(values, component.getName())));
      }
    }
    return stage -> made(type, parts, stage);
  }

  private static Part part(RecordComponent component, YamlNode node) {
    Class<?> type = component.getType();
    String name = component.getName();
    if (type == long.class) {
      long number = node.number(name, 0, Long.MAX_VALUE);
      return stage -> number;
    }
    if (type == int.class) {
      int number = (int) node.number(name, 0, Integer.MAX_VALUE);
      return stage -> number;
    }
    if (type == Duration.class) {
      Duration duration = node.duration(name);
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

  private static List<String> names(Class<?> type) {
    return Stream.of(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  private static boolean isReadable(RecordComponent component) {
    return List.of(
            String.class, long.class, int.class, Duration.class, WalSegment.class, BackupId.class)
        .contains(component.getType());
  }

  private static String word(Class<?> type) {
    return type.getSimpleName().replaceAll("(?<!^)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
