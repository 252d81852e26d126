package io.github.barman4j.repository;

import static io.github.barman4j.protocol.Messages.int32;
import static io.github.barman4j.protocol.Messages.join;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.barman4j.BarmanException;
import io.github.barman4j.BlockHash;
import io.github.barman4j.store.InMemoryObjectStore;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Objects that somebody wrote to harm: every hash and checksum fits, and what lies behind them is the fuzzer's. */
class ForgedRepositoryFuzz {
  private static final int MANIFEST_PAGE = 0;
  private static final int MANIFEST_INDEX = 1;
  private static final int PACK = 2;
  private static final int REPOSITORY_JSON = 3;
  private static final int SERVER_JSON = 4;
  private static final int SEALED_HEADER = 5;

  private static final String ID = "20261123T060100Z-0001";
  private static final RepositoryOptions OPTIONS = new RepositoryOptions(8192, 32768, 65536, 16);
  private static final ServerKeys KEYS = new ServerKeys("main");
  private static final long LARGEST_READ = 1 << 20;
  private static final int PACK_NUMBER = 1;

  static Stream<byte[]> seeds() {
    byte[] content = "content".getBytes(UTF_8);
    byte[] blocks = new byte[BlockEntry.BYTES];
    BlockEntry.writeHash(blocks, 0, BlockHash.of(content));
    BlockEntry.writeAddress(blocks, 0, new BlockAddress(PACK_NUMBER, 39, 60, 0));
    FileEntry file = new FileEntry(
        "base/1/1",
        0600,
        Instant.EPOCH,
        content.length,
        FileKind.DATA,
        new BlockMapRoot(0, blocks));
    return Stream.of(
        seed(MANIFEST_PAGE, ManifestRecord.encode(file)),
        seed(MANIFEST_PAGE, ManifestRecord.encode(new DirectoryEntry("base", 0700))),
        seed(MANIFEST_PAGE, ManifestRecord.encode(new LinkEntry("pg_tblspc/1", "/srv"))),
        seed(MANIFEST_INDEX, new byte[64]),
        seed(PACK, new byte[] {1, 0, 1, 0}, int32(7), int32(7), content),
        seed(REPOSITORY_JSON, """
            {"format":"barman4j-repository","version":1,"id":"000102030405060708090a0b0c0d0e0f",
            "blockSize":8192,"frameSize":32768,"packSize":65536,"mapPageEntries":16,"keySlots":[]}""".getBytes(UTF_8)),
        seed(
            SERVER_JSON,
            "{\"name\":\"main\",\"systemIdentifier\":\"7301\",\"postgresMajor\":15}"
                .getBytes(UTF_8)),
        seed(SEALED_HEADER, new SealedHeader((byte) 0, "wal/x", content).bytes()));
  }

  private static byte[] seed(int kind, byte[]... parts) {
    return join(new byte[] {(byte) kind}, join(parts));
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "20s")
  void isReadOrRefused(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] bytes = Arrays.copyOfRange(input, 1, input.length);
    try {
      switch (input[0] & 7) {
        case MANIFEST_PAGE -> {
          byte[] page = join(int32(bytes.length), bytes);
          readManifest(page, index(page));
        }
        case MANIFEST_INDEX -> readManifest(bytes, bytes);
        case PACK -> readPack(bytes);
        case REPOSITORY_JSON -> RepositoryFormat.parse("here", SealedJson.seal(bytes));
        case SERVER_JSON ->
          ServerIdentity.parse(KEYS.identity(), KEYS.server(), SealedJson.seal(bytes));
        default -> readSealed(bytes);
      }
    } catch (BarmanException expected) {
      // Refused, told as such.
    }
  }

  /** The index of a manifest with one page. */
  private static byte[] index(byte[] page) {
    byte[] key = page.length < 7 ? new byte[0] : Arrays.copyOfRange(page, 6, 7);
    return new ManifestFormat.Page(
            ManifestFormat.header(ID).length,
            page.length,
            page.length,
            (byte) 0,
            BlockHash.of(page),
            key)
        .encode();
  }

  private static void readManifest(byte[] page, byte[] index) {
    byte[] header = ManifestFormat.header(ID);
    byte[] trailer = new ManifestFormat.Trailer(
            header.length + page.length, index.length, index.length == 0 ? 0 : 1, 1, 1, 1)
        .encode(header, index);
    InMemoryObjectStore store = new InMemoryObjectStore();
    store.overwrite(KEYS.manifest(ID), join(header, page, index, trailer));
    BackupReader reader =
        BackupReader.open(store, KEYS, OPTIONS, ID, ManifestFormat.Trailer.hashOf(trailer));
    for (ManifestEntry entry : reader.entries()) {
      assertThat(entry.path().split("/", -1)).doesNotContain("", ".", "..");
      if (entry instanceof FileEntry file && file.size() <= LARGEST_READ) {
        readFile(reader, file);
      }
    }
    reader.find("base/1/1");
  }

  /** Fails as a rule, as nothing that it refers to is there; files of zeros are. */
  private static void readFile(BackupReader reader, FileEntry file) {
    try {
      assertThat(reader.readAll(file)).hasSize((int) file.size());
    } catch (BarmanException expected) {
      // Refused, told as such.
    }
  }

  /** A pack with one frame, whose checksum fits. */
  private static void readPack(byte[] bytes) {
    byte[] header = PackFormat.header(PACK_NUMBER, ID);
    byte[] frame = join(new byte[Integer.BYTES], bytes);
    if (frame.length > 20) {
      ByteBuffer.wrap(frame).putInt(Frame.checksum(frame, 0, frame.length));
      PackFormat.Table table = new PackFormat.Table();
      table.add(header.length, frame, frame.length);
      byte[] entries = table.toByteArray();
      byte[] trailer = PackFormat.trailer(header, entries, header.length + frame.length, 7);
      InMemoryObjectStore store = new InMemoryObjectStore();
      store.overwrite("pack", join(header, frame, entries, trailer));
      PackFormat.verify(store, "pack", PACK_NUMBER);
    }
    if (frame.length > Integer.BYTES) {
      Frame.decode("pack", frame[Integer.BYTES], frame, 0, frame.length, new byte[0]);
    }
  }

  private static void readSealed(byte[] bytes) {
    int length = SealedHeader.lengthOf("object", bytes);
    if (length <= bytes.length) {
      int hashed = length - BlockHash.BYTES;
      BlockHash.of(bytes, 0, hashed).write(ByteBuffer.wrap(bytes, hashed, BlockHash.BYTES));
    }
    SealedHeader.parse("object", "wal/x", bytes);
  }
}
