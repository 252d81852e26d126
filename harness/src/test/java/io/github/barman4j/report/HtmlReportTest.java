package io.github.barman4j.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A real browser looks at the page in {@code it}; here is what needs none. */
class HtmlReportTest {
  private final String html = HtmlReport.of(GoldenReportTest.report());

  @Test
  void saysWhatIsWrongFirst() {
    assertThat(html)
        .contains("<h1>1 failed, 1 inconclusive</h1>")
        .contains("<p class=\"breach\">S05 dropped-table (xid): lost 3 acknowledged commits, 3 more"
            + " than the limit of 0</p>")
        .contains("Of 4: 1 passed, 1 skipped, 1 inconclusive, 1 failed");
  }

  @Test
  void hasEveryVerdictReasonAndCheck() {
    assertThat(html)
        .contains(
            "class=\"scenario passed\" id=\"s0\">",
            "class=\"scenario failed\" id=\"s1\" open=\"\">",
            "class=\"scenario inconclusive\" id=\"s2\" open=\"\">",
            "class=\"scenario skipped\" id=\"s3\">",
            "<li>there is no toxiproxy-server</li>",
            "over the limit of 0",
            "is missing\uFFFD &amp; &lt;gone&gt;\n  now</li>",
            "<b>tables</b> FAILED<span class=\"detail\">table public.&quot;a|b&quot; is missing")
        .doesNotContain("<gone>");
  }

  @Test
  void saysHowToRunAScenarioAgain() {
    assertThat(html)
        .contains("<pre>mvn io.github.barman4j:barman-maven-plugin:1.0:drill"
            + " -Dbarman.drill.seed=42 -Dbarman.drill.scenarios=S05</pre>");
  }

  @Test
  void refersToNothingOutsideOfItself() {
    assertThat(found("(?:src|href)=\"([^\"]*)\"")).isNotEmpty().allMatch(to -> to.startsWith("#s"));
    assertThat(html).doesNotContain("@import", "url(", "<link", "<img");
  }

  @Test
  void allowsExactlyItsOwnStyleAndScriptsToWork() throws Exception {
    String policy =
        found("http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"").get(0);
    StringBuilder expected = new StringBuilder("default-src &#39;none&#39;; script-src");
    for (String script : found("(?s)<script>(.*?)</script>")) {
      expected.append(' ').append(hash(script));
    }
    expected
        .append("; style-src ")
        .append(hash(found("(?s)<style>(.*?)</style>").get(0)));
    assertThat(policy)
        .isEqualTo(expected + "; base-uri &#39;none&#39;; form-action &#39;none&#39;");
    assertThat(html).doesNotContain(" style=\"", " onclick=");
  }

  @Test
  void handsTheFiguresToItsCharts() throws Exception {
    String json = found("(?s)<script type=\"application/json\" id=\"charts\">(.*?)</script>")
        .get(0);
    assertThat(json).doesNotContain("<");
    JsonNode data = new ObjectMapper().readTree(json);
    assertThat(data.at("/0/traffic/commits")).hasToString("[400.0,410.0]");
    assertThat(data.at("/0/traffic/seconds")).hasToString("[-0.1,0.0]");
    assertThat(data.at("/0/traffic/received/0").isNull()).isTrue();
    assertThat(data.at("/0/trend/labels")).hasToString("[\"2026-11-22\",\"now\"]");
    assertThat(data.at("/0/trend/passed")).hasToString("[3.1,3.21]");
    assertThat(data.at("/1/traffic").isNull()).isTrue();
    assertThat(found("data-kind=\"([a-z]+)\"")).containsExactly("traffic", "trend");
  }

  @Test
  void namesTheLicenceOfItsCharts() {
    assertThat(html).contains("The MIT License (MIT)", "Copyright (c) 2022 Leon Sorokin");
  }

  private List<String> found(String pattern) {
    return Pattern.compile(pattern)
        .matcher(html)
        .results()
        .map((MatchResult result) -> result.group(1))
        .toList();
  }

  private static String hash(String text) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256")
        .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return "&#39;sha256-" + Base64.getEncoder().encodeToString(digest) + "&#39;";
  }
}
