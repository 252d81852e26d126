package io.github.barman4j.drill;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A part of a YAML file. It is read strictly: a value of another type, a key that is unknown or there twice is refused with the line and
 * with what is allowed.
 */
final class YamlNode {
  private static final String DURATION = "a duration in ISO-8601, for instance PT30S";
  private static final long MAX_FILE_BYTES = 1 << 20;

  private final Path file;
  private final Node node;

  private YamlNode(Path file, Node node) {
    this.file = file;
    this.node = node;
  }

  /** The file's only document. */
  static YamlNode read(Path file) {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        throw unreadable(file, "is larger than 1 MiB", null);
      }
      // The settings' label is not used: messages name the file themselves.
      Node root = new Compose(LoadSettings.builder().build())
          .composeString(Files.readString(file))
          .orElseThrow(() -> unreadable(file, "is empty", null));
      return new YamlNode(file, root);
    } catch (NoSuchFileException e) {
      throw unreadable(file, "does not exist", e);
    } catch (CharacterCodingException e) {
      throw unreadable(file, "is not UTF-8", e);
    } catch (IOException e) {
      throw unreadable(file, "cannot be read: " + e.getMessage(), e);
    } catch (MarkedYamlEngineException e) {
      throw refused(file, e.getProblemMark(), "is no YAML: " + e.getProblem(), "see yaml.org", e);
    } catch (YamlEngineException e) {
      throw unreadable(file, "is no YAML: " + e.getMessage(), e);
    }
  }

  private static BarmanException unreadable(Path file, String problem, @Nullable Exception cause) {
    return new BarmanException(
        ErrorCode.DRILL_CONFIGURATION,
        "the scenario file " + file + " " + problem,
        "name a YAML file with id, name and steps",
        cause);
  }

  /** What is wrong here, and what would be right. */
  BarmanException refused(String problem, String allowed) {
    return refused(file, node.getStartMark(), problem, "allowed is " + allowed, null);
  }

  private static BarmanException refused(
      Path file, Optional<Mark> mark, String problem, String hint, @Nullable Exception cause) {
    String line = mark.map(at -> ", line " + (at.getLine() + 1)).orElse("");
    return new BarmanException(
        ErrorCode.DRILL_CONFIGURATION, file + line + ": " + problem, hint, cause);
  }

  boolean isText() {
    return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.STR);
  }

  /** A text, a number or another single value. */
  boolean isSingle() {
    return node instanceof ScalarNode;
  }

  boolean isList() {
    return node instanceof SequenceNode;
  }

  /** @param what it is, for the message */
  String text(String what) {
    if (!isText() || scalar().isBlank()) {
      throw refused(what + " is " + found(), "text");
    }
    return scalar();
  }

  /** @param words of which it is one */
  String word(String what, List<String> words) {
    String text = text(what);
    if (!words.contains(text)) {
      throw refused("there is no " + what + " '" + text + "'", String.join(", ", words));
    }
    return text;
  }

  long number(String what, long least, long most) {
    String range = "a whole number from " + least + " to " + most;
    if (!(node instanceof ScalarNode number) || !number.getTag().equals(Tag.INT)) {
      throw refused(what + " is " + found(), range);
    }
    try {
      long value = Long.parseLong(scalar());
      if (value >= least && value <= most) {
        return value;
      }
      throw refused(what + " is " + value, range);
    } catch (NumberFormatException e) {
      throw refused(file, node.getStartMark(), what + " is " + scalar(), "allowed is " + range, e);
    }
  }

  Duration duration(String what) {
    Duration value = signedDuration(what);
    if (value.isNegative()) {
      throw refused(what + " is negative", DURATION);
    }
    return value;
  }

  /** One that may be negative. */
  Duration signedDuration(String what) {
    if (!isText()) {
      throw refused(what + " is " + found(), DURATION);
    }
    try {
      return Duration.parse(scalar());
    } catch (DateTimeParseException e) {
      throw refused(
          file, node.getStartMark(), what + " is '" + scalar() + "'", "allowed is " + DURATION, e);
    }
  }

  List<YamlNode> list(String what) {
    if (!(node instanceof SequenceNode sequence)) {
      throw refused(what + " is " + found(), "a list");
    }
    return sequence.getValue().stream().map(item -> new YamlNode(file, item)).toList();
  }

  /**
   * @param keys that may be there
   * @return in the file's order
   */
  Map<String, YamlNode> mapping(String what, List<String> keys) {
    if (!(node instanceof MappingNode mapping)) {
      throw refused(what + " is " + found(), "a mapping of " + String.join(", ", keys));
    }
    Map<String, YamlNode> values = new LinkedHashMap<>();
    for (NodeTuple entry : mapping.getValue()) {
      YamlNode key = new YamlNode(file, entry.getKeyNode());
      if (!key.isText() || !keys.contains(key.scalar())) {
        throw key.refused(
            what + " has no key " + (key.isText() ? "'" + key.scalar() + "'" : key.found()),
            keys.isEmpty() ? "none" : String.join(", ", keys));
      }
      if (values.put(key.scalar(), new YamlNode(file, entry.getValueNode())) != null) {
        throw key.refused("the key '" + key.scalar() + "' is there twice", "once");
      }
    }
    return values;
  }

  /** A mapping of one key. */
  Map.Entry<String, YamlNode> only(String what, List<String> keys) {
    Map<String, YamlNode> values = mapping(what, keys);
    if (values.size() != 1) {
      throw refused(what + " has " + values.size() + " keys", "one of " + String.join(", ", keys));
    }
    return values.entrySet().iterator().next();
  }

  /** Of a mapping of this node. */
  YamlNode required(Map<String, YamlNode> values, String key) {
    YamlNode value = values.get(key);
    if (value == null) {
      throw refused("the key '" + key + "' is missing", "a value for it");
    }
    return value;
  }

  private String scalar() {
    return ((ScalarNode) node).getValue();
  }

  private String found() {
    if (node instanceof ScalarNode value) {
      return value.getTag().equals(Tag.NULL) ? "empty" : "'" + value.getValue() + "'";
    }
    return node instanceof MappingNode ? "a mapping" : "a list";
  }
}
