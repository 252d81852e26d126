package io.github.barman4j.drill;

import io.github.barman4j.drill.ScenarioDetail.Expectation;
import io.github.barman4j.drill.ScenarioDetail.Need;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The catalogue as a page of the site, in Markdown. */
final class CataloguePage {
  private static final String HEAD = """
      <!-- Made of the code. Make it again, do not edit it: %s -->
      # The scenarios

      What each scenario breaks, what must come of it, and what is measured, as the code itself says it; `mvn barman:drill -Dbarman.drill.list`
      prints the same, with `-Dbarman.output=json` as JSON. [Drills](drills.html) explains the words.

      An expectation names the checks that decide it, as they stand in the reports; a run that passed without having made one of them
      fails. Where none is named, it is decided by what was lost and how long it took, against the limits. After every recovery there is
      more, which is not repeated below: each row of the load fits its checksum (*ledger*), every other table is what it was (*tables*), indexes,
      tables and pages are sound (*amcheck*, *checksums*), your queries return no row (*script*), the restored server has neither archiving nor
      primary nor slots (*isolation*) and wrote nothing to the repository (*repository*), and nothing of the drill is left on the machine
      (*nothing-left*). Rows that nobody sent, loss out of order and commits beyond a target always fail.

      Tier 1 belongs into every build, tier 2 into a nightly one. Without what it needs a scenario is skipped, and says so.

      | Id | Name | Tier | Needs | In a sentence |
      | --- | --- | --- | --- | --- |
      """;

  private CataloguePage() {}

  /** @param again the command that makes the page */
  static String of(List<ScenarioInfo> scenarios, String again) {
    StringBuilder page = new StringBuilder(HEAD.replace("%s", again));
    for (ScenarioInfo info : scenarios) {
      page.append("| [")
          .append(info.id())
          .append("](#")
          .append(info.id().toLowerCase(Locale.ROOT))
          .append(") | ")
          .append(info.name())
          .append(" | ")
          .append(info.tier())
          .append(" | ")
          .append(needs(info))
          .append(" | ")
          .append(info.summary())
          .append(" |\n");
    }
    scenarios.forEach(info -> section(page, info));
    return page.toString();
  }

  private static String needs(ScenarioInfo info) {
    return info.detail().needs().isEmpty()
        ? "–"
        : info.detail().needs().stream().map(Need::text).collect(Collectors.joining(", "));
  }

  private static void section(StringBuilder page, ScenarioInfo info) {
    ScenarioDetail detail = info.detail();
    page.append("\n<a id=\"")
        .append(info.id().toLowerCase(Locale.ROOT))
        .append("\"></a>\n\n## ")
        .append(info.id())
        .append(' ')
        .append(info.name())
        .append("\n\n");
    page.append("**Breaks:** ").append(detail.injection()).append(".\n\n**Expected:**\n\n");
    detail.expected().forEach(one -> page.append("* ").append(expected(one)).append('\n'));
    page.append("\n**RPO:** ")
        .append(detail.loss())
        .append(".\n\n**RTO:** ")
        .append(detail.time())
        .append(".\n");
  }

  private static String expected(Expectation expectation) {
    return expectation.checks().isEmpty()
        ? expectation.text()
        : expectation.text()
            + expectation.checks().stream()
                .map(check -> "*" + check + "*")
                .collect(Collectors.joining(", ", " (", ")"));
  }
}
