package io.github.barman4j.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Strict access to the members of one JSON object: what is missing or of another type is an IllegalArgumentException. */
record Members(JsonNode object) {
  JsonNode node(String name) {
    JsonNode found = object.get(name);
    if (found == null) {
      throw new IllegalArgumentException("'" + name + "' is missing");
    }
    return found;
  }

  String text(String name) {
    return require(name, node(name).isTextual() ? node(name).textValue() : null);
  }

  Optional<String> optional(String name) {
    return node(name).isNull() ? Optional.empty() : Optional.of(text(name));
  }

  long number(String name) {
    return require(name, node(name).canConvertToLong() ? node(name).longValue() : null);
  }

  int integer(String name) {
    return require(name, node(name).canConvertToInt() ? node(name).intValue() : null);
  }

  boolean flag(String name) {
    return require(name, node(name).isBoolean() ? node(name).booleanValue() : null);
  }

  private static <T> T require(String name, @Nullable T value) {
    if (value == null) {
      throw new IllegalArgumentException("'" + name + "' is not of its type");
    }
    return value;
  }
}
