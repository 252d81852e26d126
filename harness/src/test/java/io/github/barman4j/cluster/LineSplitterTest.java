package io.github.barman4j.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
  @Test
  void makesTheSameLinesWhereverThePiecesEnd() {
    byte[] text = "first\r\nzweite Zeile: größer\n\nlast".getBytes(UTF_8);
    for (int size = 1; size <= text.length; size++) {
      List<String> lines = new ArrayList<>();
      LineSplitter splitter = new LineSplitter(lines::add);
      for (int from = 0; from < text.length; from += size) {
        splitter.add(Arrays.copyOfRange(text, from, Math.min(text.length, from + size)));
      }
      assertThat(lines).containsExactly("first", "zweite Zeile: größer", "");
      splitter.finish();
      splitter.finish();
      assertThat(lines).containsExactly("first", "zweite Zeile: größer", "", "last");
    }
  }
}
