package io.github.barman4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MarkupTest {

  @Test
  void escapesTextsAndValues() {
    Markup html = new Markup();
    html.open("p", "title", "\"><script>'&").text("<b>&amp;\u0000\u001b\n").close();
    assertThat(html)
        .hasToString(
            "<p title=\"&quot;&gt;&lt;script&gt;&#39;&amp;\">&lt;b&gt;&amp;amp;\uFFFD\uFFFD\n</p>");
  }

  @Test
  void closesWhatWasOpenedLast() {
    Markup html = new Markup().open("ul").open("li").text("one").close();
    assertThatThrownBy(html::toString).hasMessageContaining("[ul] are open");
    assertThat(html.close()).hasToString("<ul><li>one</li></ul>");
  }
}
