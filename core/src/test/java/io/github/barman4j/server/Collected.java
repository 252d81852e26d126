package io.github.barman4j.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Remembers what a source gives. */
final class Collected implements SourceVisitor {
  final Map<String, Integer> directories = new HashMap<>();
  final Map<String, String> links = new HashMap<>();
  final Map<String, byte[]> contents = new LinkedHashMap<>();
  final Map<String, SourceFile> files = new HashMap<>();

  @Override
  public void directory(String path, int mode) {
    directories.put(path, mode);
  }

  @Override
  public void link(String path, String target) {
    links.put(path, target);
  }

  @Override
  public void file(SourceFile file, InputStream content) {
    files.put(file.path(), file);
    try {
      contents.put(file.path(), content.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
