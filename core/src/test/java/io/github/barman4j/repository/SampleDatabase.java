package io.github.barman4j.repository;

import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Files as a data directory has them, at random, and changes to them. */
public final class SampleDatabase {
  static final Instant MODIFIED = Instant.parse("2026-11-23T06:00:00.123456789Z");

  private final RandomGenerator random;
  private final int largest;
  public final Map<String, byte[]> files = new TreeMap<>();
  public final Map<String, byte[]> configuration = new TreeMap<>();

  /** @param largest bytes of the largest file, at most */
  public SampleDatabase(RandomGenerator random, int files, int largest) {
    this.random = random;
    this.largest = largest;
    for (int i = 0; i < files; i++) {
      create();
    }
    configuration.put(
        "postgresql.conf",
        "shared_buffers = 1GB\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  public void change() {
    int changes = 1 + random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      switch (random.nextInt(6)) {
        case 0 -> create();
        case 1 -> files.remove(any());
        case 2 -> resize(any());
        case 3 -> files.put("base/9/" + random.nextInt(1000), files.get(any()).clone());
        default -> touch(any());
      }
    }
    if (files.isEmpty()) {
      create();
    }
  }

  /** Changes some pages of a file in place. */
  public void touch(String path) {
    byte[] content = files.get(path).clone();
    int pages = (content.length + 8191) / 8192;
    for (int i = 0; pages > 0 && i < 1 + random.nextInt(4); i++) {
      int from = random.nextInt(pages) * 8192;
      RandomBytes.fillPage(random, content, from, Math.min(8192, content.length - from));
    }
    files.put(path, content);
  }

  public BackupContents storeIn(BackupWriter writer) {
    writer.directory("base", 0700);
    writer.link("pg_tblspc/16385", "/mnt/fast");
    List<String> paths = new ArrayList<>(files.keySet());
    while (!paths.isEmpty()) {
      String path = paths.remove(random.nextInt(paths.size()));
      byte[] content = files.get(path);
      writer.file(
          new FileInfo(path, 0600, MODIFIED, content.length), new ByteArrayInputStream(content));
    }
    configuration.forEach(writer::configuration);
    return writer.finish();
  }

  long bytes() {
    return files.values().stream().mapToLong(content -> content.length).sum()
        + configuration.values().stream().mapToLong(content -> content.length).sum();
  }

  public String any() {
    List<String> paths = List.copyOf(files.keySet());
    if (paths.isEmpty()) {
      return create();
    }
    return paths.get(random.nextInt(paths.size()));
  }

  private String create() {
    String path = "base/" + random.nextInt(5) + "/" + random.nextInt(100_000);
    int length = switch (random.nextInt(4)) {
      case 0 -> random.nextInt(3) * 8192;
      case 1 -> random.nextInt(20_000);
      case 2 -> 8192 * random.nextInt(20);
      default -> random.nextInt(largest);
    };
    files.put(path, RandomBytes.ofTable(random, length));
    return path;
  }

  private void resize(String path) {
    files.put(path, java.util.Arrays.copyOf(files.get(path), random.nextInt(largest)));
  }
}
