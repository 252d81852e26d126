package io.github.barman4j.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PageTest {
  private byte[] pages = {};

  @BeforeEach
  void readPagesOfARealServer() throws IOException {
    pages = read("15/pg_class.gz");
  }

  @Test
  void findsTheChecksumThatTheServerWrote() throws IOException {
    assertThat(pages).hasSize(2 * Page.SIZE);
    assertThat(Page.fault(pages, 0, 0, true)).isEmpty();
    assertThat(Page.fault(pages, Page.SIZE, 1, true)).isEmpty();
    byte[] map = read("15/pg_class_fsm.gz");
    for (int page = 0; page < map.length / Page.SIZE; page++) {
      assertThat(Page.fault(map, page * Page.SIZE, page, true)).isEmpty();
    }
  }

  @Test
  void findsFlippedBitsAsFarAsSixteenBitsCan() {
    int missed = 0;
    for (int bit = 0; bit < 8 * Page.SIZE; bit++) {
      pages[bit / 8] ^= (byte) (1 << bit % 8);
      missed += Page.fault(pages, 0, 0, true).isEmpty() ? 1 : 0;
      pages[bit / 8] ^= (byte) (1 << bit % 8);
    }
    assertThat(missed).as("one in 65535 has the right checksum by chance").isLessThan(5);
    assertThat(Page.fault(pages, 0, 0, true)).isEmpty();
  }

  @Test
  void findsAPageInAnotherPagesPlace() {
    assertThat(Page.fault(pages, 0, 1, true))
        .hasValueSatisfying(problem -> assertThat(problem).contains("checksum"));
    assertThat(Page.fault(pages, 0, 131072, true)).isPresent();
  }

  @Test
  void takesAPageOfZerosForNew() {
    byte[] zeros = new byte[Page.SIZE];
    assertThat(Page.fault(zeros, 0, 7, true)).isEmpty();
    assertThat(Page.lsn(zeros, 0).isInvalid()).isTrue();
    zeros[Page.SIZE - 1] = 1;
    assertThat(Page.fault(zeros, 0, 7, true)).hasValue("the page has no header and is not empty");
  }

  @Test
  void judgesTheHeaderWhereThereAreNoChecksums() {
    pages[8] ^= 1;
    assertThat(Page.fault(pages, 0, 0, false)).isEmpty();
    pages[12] = (byte) 0xFF;
    pages[13] = (byte) 0xFF;
    assertThat(Page.fault(pages, 0, 0, false))
        .hasValueSatisfying(problem -> assertThat(problem).contains("lower 65535"));
  }

  @Test
  void readsThePosition() {
    Lsn lsn = Page.lsn(pages, 0);
    assertThat(lsn).isGreaterThan(Lsn.parse("0/1000000")).isLessThan(Lsn.parse("0/3000000"));
  }

  private static byte[] read(String resource) throws IOException {
    try (InputStream in = new GZIPInputStream(
        Objects.requireNonNull(PageTest.class.getResourceAsStream(resource), resource))) {
      return in.readAllBytes();
    }
  }
}
