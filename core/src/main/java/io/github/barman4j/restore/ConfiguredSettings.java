package io.github.barman4j.restore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The settings that the files of a data directory set, as its server will read them. */
final class ConfiguredSettings {
  static final String AUTO = "postgresql.auto.conf";

  private final ConfigurationText text;

  private ConfiguredSettings(ConfigurationText text) {
    this.text = text;
  }

  /** Reads postgresql.conf with what it includes, and postgresql.auto.conf. */
  static ConfiguredSettings of(Path dataDirectory) throws IOException {
    try {
      FlatConfiguration flat = new FlatConfiguration(new OnDisk());
      String main = read(dataDirectory.resolve(BackupConfiguration.MAIN)).orElse("");
      String auto = read(dataDirectory.resolve(AUTO)).orElse("");
      List<String> all = flat.flatten(main, dataDirectory).text().lines().toList();
      return new ConfiguredSettings(
          new ConfigurationText(List.of()).plus(all).plus(auto.lines().toList()));
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  Optional<String> value(String name) {
    return text.value(name);
  }

  /** The text of a configuration file, if it is there. What is no UTF-8 is read byte by byte, so that it can be written again. */
  static Optional<String> read(Path file) throws IOException {
    return Files.isRegularFile(file)
        ? Optional.of(decode(Files.readAllBytes(file)))
        : Optional.empty();
  }

  static String decode(byte[] content) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(content))
          .toString();
    } catch (CharacterCodingException e) {
      return new String(content, StandardCharsets.ISO_8859_1);
    }
  }

  /** The counterpart of {@link #decode} for a text that was made from {@code original}. */
  static byte[] encode(String text, byte[] original) {
    boolean utf8 = decode(original).equals(new String(original, StandardCharsets.UTF_8));
    Charset charset = utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    return text.getBytes(charset);
  }

  private static final class OnDisk implements FlatConfiguration.Includes {
    @Override
    public Optional<String> file(Path path) {
      try {
        return Files.isReadable(path) ? read(path) : Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public List<Path> directory(Path path) {
      List<Path> files = new ArrayList<>();
      if (Files.isDirectory(path)) {
        try (DirectoryStream<Path> found = Files.newDirectoryStream(path, "[!.]*.conf")) {
          found.forEach(files::add);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      files.sort(null);
      return files;
    }
  }
}
