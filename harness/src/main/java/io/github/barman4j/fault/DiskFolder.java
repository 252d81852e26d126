package io.github.barman4j.fault;

import java.util.Map;
import java.util.TreeMap;

/** A directory: the names that programs see, and those that are on the disk. Guarded by its {@link DiskTree}. */
final class DiskFolder implements DiskNode {
  final Map<String, DiskNode> live = new TreeMap<>();
  final Map<String, DiskNode> durable = new TreeMap<>();
}
