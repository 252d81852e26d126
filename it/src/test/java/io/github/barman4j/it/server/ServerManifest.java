package io.github.barman4j.it.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/** What a server's backup_manifest says of each file (manual, 77.1): size and CRC-32C. */
final class ServerManifest {
  private static final Pattern FILE = Pattern.compile(
      "\"Path\": \"([^\"]+)\", \"Size\": (\\d+), "
          + "\"Last-Modified\": \"[^\"]*\", \"Checksum-Algorithm\": \"CRC32C\", \"Checksum\": \"([0-9a-f]{8})\"");

  private ServerManifest() {}

  /** Path → size and checksum, as {@link #of} writes them. */
  static Map<String, String> read(Path manifest) throws IOException {
    Map<String, String> files = new TreeMap<>();
    Matcher matcher = FILE.matcher(Files.readString(manifest));
    while (matcher.find()) {
      files.put(matcher.group(1), matcher.group(2) + " " + matcher.group(3));
    }
    return files;
  }

  static String of(Path file) throws IOException {
    CRC32C crc = new CRC32C();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      int count;
      while ((count = in.read(buffer)) > 0) {
        crc.update(buffer, 0, count);
      }
    }
    // The server prints the bytes of its own, little-endian, integer.
    byte[] bytes = ByteBuffer.allocate(4)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt((int) crc.getValue())
        .array();
    return Files.size(file) + " " + HexFormat.of().formatHex(bytes);
  }
}
