package io.github.barman4j.wal;

import io.github.barman4j.BlockHash;
import io.github.barman4j.repository.SealedObjects;
import io.github.barman4j.repository.SealedUpload;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.function.Function;

/** Where content is kept that came under a name which the archive has already with other content. Nothing there is ever used. */
final class Quarantine {
  private static final int HASH_DIGITS = 16;
  private static final int BUFFER = 128 << 10;

  private final SealedObjects objects;
  private final Function<BlockHash, String> names;

  /** @param names what stands for a hash in a name, see {@link io.github.barman4j.repository.ServerRepository#nameOf} */
  Quarantine(SealedObjects objects, Function<BlockHash, String> names) {
    this.objects = objects;
    this.names = names;
  }

  /** Gives the content, as often as it is wanted. */
  @FunctionalInterface
  interface Content {
    InputStream open() throws IOException;
  }

  /** Keeps content, once however often it comes; returns the key. */
  String keep(String name, Content content) throws IOException {
    BlockHash.Digest digest = BlockHash.digest();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = content.open()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
    }
    try (InputStream in = content.open()) {
      return keep(name, digest.finish(), in);
    }
  }

  /**
   * Keeps content, once however often it comes.
   *
   * @param hash of the content
   * @return the key
   */
  String keep(String name, BlockHash hash, InputStream content) throws IOException {
    String key = WalKeys.ofQuarantined(name, names.apply(hash).substring(0, HASH_DIGITS));
    if (!objects.contains(key)) {
      try (SealedUpload upload = objects.create(key, new byte[0])) {
        content.transferTo(upload.out());
        upload.commitIfAbsent();
      }
    }
    return key;
  }

  List<String> keys() {
    return objects.list(WalKeys.QUARANTINE);
  }
}
