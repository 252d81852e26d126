package io.github.barman4j.it.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.cluster.EmbeddedCluster;
import io.github.barman4j.cluster.StopMode;
import io.github.barman4j.it.TestPostgres;
import io.github.barman4j.postgres.BlockReference;
import io.github.barman4j.postgres.ControlFile;
import io.github.barman4j.postgres.Page;
import io.github.barman4j.postgres.RelationFile;
import io.github.barman4j.postgres.WalReader;
import io.github.barman4j.postgres.WalReader.BlockObserver;
import io.github.barman4j.postgres.WalRecord;
import io.github.barman4j.postgres.WalSegment;
import io.github.barman4j.postgres.WalStop;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Judges every page that real servers wrote, and compares with them which pages their records concern. */
@Timeout(180)
class PageIT {
  private static final String IMAGE = " FPW";

  static IntStream majors() {
    return TestPostgres.majors();
  }

  @ParameterizedTest(name = "PostgreSQL {0}")
  @MethodSource("majors")
  void agreesWithTheServer(int major) throws IOException {
    try (EmbeddedCluster cluster = EmbeddedCluster.builder(TestPostgres.major(major))
        .initdbOption("--data-checksums")
        .initdbOption("--wal-segsize=1")
        .setting("wal_keep_size", "1GB")
        .start()) {
      cluster.execute(
          "postgres",
          "CREATE TABLE filler AS SELECT i, repeat(md5(i::text), 8) AS t FROM generate_series(1, 20000) i",
          "CREATE INDEX ON filler (i)",
          "CREATE UNLOGGED TABLE loose (i int PRIMARY KEY)",
          "VACUUM filler",
          "CREATE DATABASE other",
          "CREATE EXTENSION pg_walinspect",
          "SELECT pg_switch_wal()",
          "CHECKPOINT");
      String first = cluster
          .query("postgres", "SELECT pg_walfile_name(pg_current_wal_lsn())")
          .get(0);
      cluster.execute(
          "postgres",
          "UPDATE filler SET i = -i WHERE i % 3 = 0",
          "CREATE TABLE more AS SELECT * FROM filler",
          "VACUUM filler",
          "CREATE DATABASE copied STRATEGY file_copy",
          "DROP DATABASE other");
      comparesReferences(cluster, first);
      cluster.stop(StopMode.FAST);
      judgesEveryPage(cluster.dataDirectory());
    }
  }

  private static void comparesReferences(EmbeddedCluster cluster, String first) throws IOException {
    ControlFile control =
        ControlFile.parse(Files.readAllBytes(cluster.dataDirectory().resolve(ControlFile.PATH)));
    WalSegment segment = WalSegment.parse(first, control.segmentSize());
    List<String> told = cluster.query("postgres", """
        select block_ref from pg_get_wal_records_info('%s', pg_current_wal_flush_lsn())
         where block_ref like 'blkref%%' order by start_lsn""".formatted(segment.start()));
    List<String> expected = new ArrayList<>();
    for (String references : told) {
      for (String reference : references.split("blkref #\\d+: ")) {
        if (!reference.isBlank()) {
          expected.add(normal(reference));
        }
      }
    }
    References read = new References();
    readAll(cluster, segment, read);
    assertThat(expected).hasSizeGreaterThan(10_000).anyMatch(line -> line.endsWith(IMAGE));
    assertThat(read.places.subList(0, expected.size()))
        .containsExactlyElementsOf(
            expected.stream().map(line -> line.replace(IMAGE, "")).toList());
    for (int i = 0; i < expected.size(); i++) {
      if (expected.get(i).endsWith(IMAGE)) {
        assertThat(read.rewrites.get(i)).as(expected.get(i)).isTrue();
      }
    }
    assertThat(read.databases).as("made and dropped").hasSize(2);
  }

  /** {@code rel 1663/5/1259 fork main blk 3 (FPW); hole: …} as far as both sides know it. */
  private static String normal(String reference) {
    String place = reference
        .trim()
        .replaceFirst("^rel ", "")
        .replace(" fork main", "")
        .replaceFirst("( blk \\d+).*", "$1");
    boolean image = reference.contains("FPW") && !reference.contains("verification");
    return image ? place + IMAGE : place;
  }

  /** What the engine reads. */
  private static final class References implements BlockObserver {
    private static final List<String> FORKS = List.of("", " fork fsm", " fork vm", " fork init");

    private final List<String> places = new ArrayList<>();
    private final List<Boolean> rewrites = new ArrayList<>();
    private final Set<Long> databases = new TreeSet<>();

    @Override
    public void block(BlockReference block) {
      places.add(block.tablespace() + "/" + block.database() + "/" + block.relation()
          + FORKS.get(block.fork()) + " blk " + block.block());
      rewrites.add(block.rewrites());
    }

    @Override
    public void database(long oid) {
      databases.add(oid);
    }
  }

  private static void readAll(EmbeddedCluster cluster, WalSegment first, BlockObserver observer)
      throws IOException {
    WalReader reader = null;
    for (WalSegment segment = first; ; segment = segment.next()) {
      Path file = cluster.dataDirectory().resolve("pg_wal").resolve(segment.name());
      if (!Files.exists(file)) {
        return;
      }
      try (InputStream in = Files.newInputStream(file)) {
        if (reader == null) {
          reader = WalReader.open(in, segment).observing(observer);
        } else {
          reader.continueWith(in, segment.timeline());
        }
        WalRecord record = reader.next();
        while (record != null) {
          record = reader.next();
        }
        if (reader.stop().reason() != WalStop.Reason.END_OF_DATA) {
          return;
        }
      }
    }
  }

  private static void judgesEveryPage(Path data) throws IOException {
    int pages = 0;
    int forks = 0;
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String path = data.relativize(file).toString();
        Optional<RelationFile> relation = RelationFile.of(path);
        if (relation.isEmpty()) {
          continue;
        }
        forks |= 1 << relation.get().fork().ordinal();
        byte[] content = Files.readAllBytes(file);
        for (int page = 0; page < content.length / Page.SIZE; page++) {
          long block = relation.get().block(page, 131072);
          assertThat(Page.fault(content, page * Page.SIZE, block, true))
              .as("page %d of %s", page, path)
              .isEmpty();
          pages++;
        }
        if (content.length > 0 && Page.lsn(content, 0).value() != 0) {
          content[content.length / 2] ^= 4;
          int hit = content.length / 2 / Page.SIZE;
          assertThat(Page.fault(content, hit * Page.SIZE, relation.get().block(hit, 131072), true))
              .as("a flipped bit in page %d of %s", hit, path)
              .isPresent();
        }
      }
    }
    assertThat(pages).isGreaterThan(5_000);
    assertThat(forks).as("main, fsm, vm and init").isEqualTo(15);
  }
}
