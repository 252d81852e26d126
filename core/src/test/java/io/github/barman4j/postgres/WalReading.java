package io.github.barman4j.postgres;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Everything that a reader gives out, and its stop. */
record WalReading(List<WalRecord> records, WalStop stop) {
  static WalReading of(WalReader reader) throws IOException {
    List<WalRecord> records = new ArrayList<>();
    for (WalRecord record = reader.next(); record != null; record = reader.next()) {
      records.add(record);
    }
    return new WalReading(records, reader.stop());
  }

  static WalReading of(byte[] bytes, WalSegment first) throws IOException {
    return of(WalReader.open(new ByteArrayInputStream(bytes), first));
  }

  List<String> lines() {
    return records.stream().map(GoldenWal::line).toList();
  }

  /** Gives out as many bytes at once as it likes. */
  static InputStream inBits(byte[] bytes, RandomGenerator random) {
    return new FilterInputStream(new ByteArrayInputStream(bytes)) {
      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        return super.read(
            target,
            offset,
            1 + random.nextInt(Math.min(length, random.nextBoolean() ? 50 : 20_000)));
      }
    };
  }
}
