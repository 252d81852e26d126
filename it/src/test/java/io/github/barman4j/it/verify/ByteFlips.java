package io.github.barman4j.it.verify;

import io.github.barman4j.BarmanException;
import io.github.barman4j.EventSink;
import io.github.barman4j.IntegrityException;
import io.github.barman4j.Secret;
import io.github.barman4j.catalog.Backup;
import io.github.barman4j.engine.BackupRequest;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import io.github.barman4j.engine.ServerConnection;
import io.github.barman4j.repository.BackupReader;
import io.github.barman4j.repository.BlockExaminer;
import io.github.barman4j.repository.FileEntry;
import io.github.barman4j.repository.ManifestEntry;
import io.github.barman4j.repository.Repository;
import io.github.barman4j.repository.StoredBlock;
import io.github.barman4j.store.LocalObjectStore;
import io.github.barman4j.verify.Finding;
import io.github.barman4j.verify.VerifyReport;
import io.github.barman4j.verify.VerifyRequest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Flips bytes of the repository of a real backup, chosen by a seed, and counts how many of them a verification finds.
 *
 * <p>Flips in frames of data blocks are made many at a time, each in a frame of its own, and count as found only when the report names
 * every file and page that the frame holds; all others are made one at a time. Arguments: URL, user, password, an empty directory, bytes,
 * seed.
 */
public final class ByteFlips {
  private static final int AT_A_TIME = 64;

  /** A place in a file: the first page of a block. */
  private record Page(String path, long page) {}

  /** One byte of the repository. */
  private record Place(Path file, long offset) {}

  private record Frame(Path pack, long from, long to, Set<Page> pages) {}

  /** What came out. */
  public record Outcome(
      long repositoryBytes, int flipped, int found, List<String> missed, int verifications) {}

  private final Path directory;
  private final Engine engine;
  private final Map<Path, TreeMap<Long, Frame>> frames = new HashMap<>();
  private int verifications;
  private int found;
  private final List<String> missed = new ArrayList<>();

  private ByteFlips(Path directory, EngineConfiguration configuration) {
    this.directory = directory;
    this.engine = Engine.open(configuration, EventSink.NONE);
  }

  public static void main(String[] arguments) throws IOException {
    ServerConnection connection =
        new ServerConnection(arguments[0], arguments[1], Secret.of(arguments[2]));
    Path directory = Path.of(arguments[3]);
    EngineConfiguration configuration = EngineConfiguration.of(directory, "main", connection);
    Engine.open(configuration, EventSink.NONE).backup(BackupRequest.defaults());
    Outcome outcome =
        run(directory, configuration, Integer.parseInt(arguments[4]), Long.parseLong(arguments[5]));
    System.out.printf(
        "%d bytes flipped of a repository of %d, %d found, in %d verifications (seed %s)%n",
        outcome.flipped(),
        outcome.repositoryBytes(),
        outcome.found(),
        outcome.verifications(),
        arguments[5]);
    if (outcome.found() != outcome.flipped()) {
      throw new IllegalStateException("missed: " + outcome.missed());
    }
  }

  /** Flips bytes of a repository that holds one backup, one byte after the other, and leaves it as it was. */
  static Outcome run(Path directory, EngineConfiguration configuration, int bytes, long seed)
      throws IOException {
    ByteFlips flips = new ByteFlips(directory, configuration);
    flips.indexFrames();
    List<Path> files = flips.files();
    long total = 0;
    for (Path file : files) {
      total += Files.size(file);
    }
    flips.flip(flips.choose(files, total, bytes, new SplittableRandom(seed)));
    return new Outcome(total, bytes, flips.found, flips.missed, flips.verifications);
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.getFileName().toString().startsWith("."))
          .sorted()
          .toList();
    }
  }

  private List<Place> choose(List<Path> files, long total, int bytes, SplittableRandom random)
      throws IOException {
    Set<Place> places = new HashSet<>();
    while (places.size() < bytes) {
      long at = random.nextLong(total);
      for (Path file : files) {
        long size = Files.size(file);
        if (at < size) {
          places.add(new Place(file, at));
          break;
        }
        at -= size;
      }
    }
    return List.copyOf(places);
  }

  private void indexFrames() {
    Backup backup = engine.backup("latest");
    BackupReader reader = Repository.open(LocalObjectStore.at(directory))
        .server("main")
        .openBackup(backup.id().value(), backup.manifestHash());
    for (ManifestEntry entry : reader.entries()) {
      if (entry instanceof FileEntry file) {
        reader.examine(file, new Index(file, reader.blockSize()));
      }
    }
  }

  private void flip(List<Place> places) throws IOException {
    List<Place> waiting = new ArrayList<>();
    for (Place place : places) {
      if (frameOf(place) == null) {
        flipAlone(place);
      } else {
        waiting.add(place);
      }
    }
    while (!waiting.isEmpty()) {
      Map<Frame, Place> round = new IdentityHashMap<>();
      for (Place place : waiting) {
        if (round.size() < AT_A_TIME) {
          round.putIfAbsent(Objects.requireNonNull(frameOf(place)), place);
        }
      }
      waiting.removeAll(round.values());
      flipTogether(round);
    }
  }

  private void count(Place place, boolean wasFound) {
    if (wasFound) {
      found++;
    } else {
      missed.add(place.file() + " at " + place.offset());
    }
  }

  private void flipAlone(Place place) throws IOException {
    flipByte(place);
    count(place, verify().map(report -> !report.passed()).orElse(true));
    flipByte(place);
  }

  private void flipTogether(Map<Frame, Place> round) throws IOException {
    for (Place place : round.values()) {
      flipByte(place);
    }
    Set<Page> named = new HashSet<>();
    for (Finding finding : verify().orElseThrow().findings()) {
      finding.blocks().forEach(page -> named.add(new Page(finding.file(), page)));
    }
    for (Map.Entry<Frame, Place> flipped : round.entrySet()) {
      count(flipped.getValue(), named.containsAll(flipped.getKey().pages()));
      flipByte(flipped.getValue());
    }
  }

  /** Empty when the repository was refused. */
  private Optional<VerifyReport> verify() {
    verifications++;
    try {
      return Optional.of(engine.verify(VerifyRequest.all().withoutMarks()));
    } catch (BarmanException e) {
      return Optional.empty();
    }
  }

  private @Nullable Frame frameOf(Place place) {
    TreeMap<Long, Frame> ofPack = frames.get(place.file());
    Map.Entry<Long, Frame> frame = ofPack == null ? null : ofPack.floorEntry(place.offset());
    return frame == null || place.offset() >= frame.getValue().to() ? null : frame.getValue();
  }

  private static void flipByte(Place place) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(place.file().toFile(), "rw")) {
      bytes.seek(place.offset());
      int one = bytes.read();
      bytes.seek(place.offset());
      bytes.write(one ^ 1 << (int) (place.offset() % 8));
    }
  }

  /** Notes which pages a frame holds. */
  private final class Index implements BlockExaminer {
    private final FileEntry file;
    private final int blockSize;

    Index(FileEntry file, int blockSize) {
      this.file = file;
      this.blockSize = blockSize;
    }

    @Override
    public boolean wants(long number, StoredBlock block) {
      String pack = block.packName();
      Path object =
          directory.resolve("main/packs").resolve(pack.substring(0, 2)).resolve(pack);
      long from = Integer.toUnsignedLong(block.frame());
      frames
          .computeIfAbsent(object, of -> new TreeMap<>())
          .computeIfAbsent(
              from, at -> new Frame(object, at, at + block.frameLength(), new HashSet<>()))
          .pages()
          .add(new Page(file.path(), number * (blockSize / 8192)));
      return false;
    }

    @Override
    public void sound(long number, StoredBlock block, byte[] buffer, int from, int length) {}

    @Override
    public void zero(long number, int length) {}

    @Override
    public void damaged(long number, StoredBlock block, int length, IntegrityException damage) {
      throw damage;
    }

    @Override
    public void unknown(long first, long count, IntegrityException damage) {
      throw damage;
    }
  }
}
