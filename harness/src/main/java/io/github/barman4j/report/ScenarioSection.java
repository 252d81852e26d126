package io.github.barman4j.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One scenario on the page: a row with what matters, which opens into everything.
 *
 * @param slowest the longest recovery of the drill, to which all bars are drawn
 * @param control the recovery of the run without a fault
 */
record ScenarioSection(DrillReport report, Duration slowest, Optional<Duration> control) {

  /** @param index of the scenario, by which its charts find their data */
  void write(Markup html, ScenarioResult result, int index) {
    List<String> attributes =
        new ArrayList<>(List.of("class", "scenario " + result.verdict().text(), "id", "s" + index));
    if (result.verdict().isBreach()) {
      attributes.addAll(List.of("open", ""));
    }
    html.line().open("details", attributes.toArray(String[]::new));
    row(html, result);
    html.open("div", "class", "body");
    reasons(html, result);
    limits(html, result);
    result.rto().ifPresent(rto -> recovery(html, rto));
    charts(html, result, index);
    restored(html, result);
    checks(html, result);
    html.element("h3", "Run it again")
        .element("pre", report.again().of(result))
        .close()
        .close();
  }

  private void row(Markup html, ScenarioResult result) {
    html.open("summary")
        .element("span", result.verdict().text(), "class", "verdict")
        .open("span", "class", "title")
        .element("b", result.id())
        .text(" " + result.name());
    result.variant().ifPresent(variant -> html.text(" ").element("i", variant));
    html.close();
    html.open("span", "class", "cell")
        .element("span", "lost", "class", "label")
        .text(
            " " + result.rpo().map(rpo -> Long.toString(rpo.lostTransactions())).orElse("–"))
        .close();
    html.open("span", "class", "cell")
        .element("span", "RPO", "class", "label")
        .text(" " + result.rpo().map(rpo -> Figures.seconds(rpo.time()) + " s").orElse("–"))
        .close();
    html.open("span", "class", "cell")
        .element("span", "RTO", "class", "label")
        .text(" " + result.rto().map(rto -> Figures.seconds(rto.total()) + " s").orElse("–"))
        .close();
    html.open("span", "class", "lane");
    result
        .rto()
        .ifPresent(rto -> PhaseBar.draw(
            html, rto.phases(), slowest, "recovered in " + Figures.seconds(rto.total()) + " s"));
    html.close().close();
  }

  private static void reasons(Markup html, ScenarioResult result) {
    if (!result.reasons().isEmpty()) {
      html.open("ul", "class", "reasons");
      result.reasons().forEach(reason -> html.element("li", reason));
      html.close();
    }
  }

  private void limits(Markup html, ScenarioResult result) {
    if (result.rpo().isEmpty() && result.rto().isEmpty()) {
      return;
    }
    Limits limits = result.limits();
    html.element("h3", "Against the limits").open("dl", "class", "limits");
    result.rpo().ifPresent(rpo -> {
      item(
          html,
          "lost commits",
          rpo.lostTransactions() + " of " + rpo.acknowledged(),
          limits.lostTransactions().isPresent()
              ? Optional.of(Long.toString(limits.lostTransactions().getAsLong()))
              : Optional.empty(),
          limits.lostTransactions().isPresent()
              && rpo.lostTransactions() > limits.lostTransactions().getAsLong());
      item(
          html,
          "RPO",
          Figures.seconds(rpo.time()) + " s, " + Figures.bytes(rpo.bytes()) + " of WAL",
          limits.rpo().map(most -> Figures.seconds(most) + " s"),
          limits.rpo().filter(most -> rpo.time().compareTo(most) > 0).isPresent());
    });
    result.rto().ifPresent(rto -> {
      item(
          html,
          "RTO",
          Figures.seconds(rto.total()) + " s",
          limits.rto().map(most -> Figures.seconds(most) + " s"),
          limits.rto().filter(most -> rto.total().compareTo(most) > 0).isPresent());
      besideControl(html, result, rto);
      Trend.median(result.earlier())
          .ifPresent(median -> item(
              html,
              "median of earlier runs",
              Figures.seconds(median) + " s, now " + change(rto.total(), median),
              limits.rtoRegressionPercent().isPresent()
                  ? Optional.of("+" + limits.rtoRegressionPercent().getAsInt() + " %")
                  : Optional.empty(),
              false));
    });
    html.close();
  }

  private void besideControl(Markup html, ScenarioResult result, Rto rto) {
    control
        .filter(usual -> !usual.isZero() && !result.id().equals(HtmlReport.CONTROL))
        .ifPresent(usual -> html.open("div", "class", "item")
            .element("dt", "beside the control run")
            .element(
                "dd",
                String.format(
                    Locale.ROOT, "%.2f ×", (double) rto.total().toNanos() / usual.toNanos()))
            .element("dd", "of " + Figures.seconds(usual) + " s without a fault", "class", "limit")
            .close());
  }

  private static String change(Duration now, Duration median) {
    return median.isZero()
        ? "longer"
        : String.format(Locale.ROOT, "%+.0f %%", (now.toNanos() * 100.0 / median.toNanos()) - 100);
  }

  private static void item(
      Markup html, String name, String value, Optional<String> limit, boolean breached) {
    html.open("div", "class", breached ? "item breached" : "item")
        .element("dt", name)
        .element("dd", value)
        .element(
            "dd",
            limit
                .map(text -> (breached ? "over the limit of " : "limit ") + text)
                .orElse("no limit"),
            "class",
            "limit")
        .close();
  }

  private static void recovery(Markup html, Rto rto) {
    html.element("h3", "The recovery, " + Figures.seconds(rto.total()) + " s");
    PhaseBar.draw(html, rto.phases(), rto.total(), "phases of the recovery");
    PhaseBar.legend(html, rto.phases());
    if (!rto.apart().isEmpty()) {
      html.element(
          "p",
          rto.apart().stream()
              .map(phase -> phase.name() + " " + Figures.seconds(phase.took()) + " s")
              .collect(Collectors.joining(", ", "Beside it or after it: ", ".")),
          "class",
          "note");
    }
    if (rto.runs().size() > 1) {
      html.element(
          "p",
          rto.runs().stream()
              .map(run -> Figures.seconds(run) + " s")
              .collect(
                  Collectors.joining(", ", "Runs: ", "; the phases are those of the one shown.")),
          "class",
          "note");
    }
  }

  private static void charts(Markup html, ScenarioResult result, int index) {
    if (result.traffic().isPresent()) {
      html.element(
          "h3",
          result.id().equals(HtmlReport.CONTROL)
              ? "Commits and WAL up to the end of the load"
              : "Commits and WAL around the fault");
      chart(html, "traffic", index, "commits a second, and WAL written and received, over time");
    }
    if (ChartData.hasTrend(result)) {
      html.element("h3", "Recovery time over " + (result.earlier().size() + 1) + " runs");
      chart(html, "trend", index, "recovery time of this run and of earlier ones");
    }
  }

  private static void chart(Markup html, String kind, int index, String label) {
    html.open(
            "div",
            "class",
            "chart",
            "data-kind",
            kind,
            "data-index",
            Integer.toString(index),
            "role",
            "img",
            "aria-label",
            label)
        .open("noscript")
        .text("The charts are drawn with JavaScript; their figures are in drill.json.")
        .close()
        .close();
  }

  private static void restored(Markup html, ScenarioResult result) {
    if (result.restored().isEmpty() && result.figures().isEmpty()) {
      return;
    }
    html.element("h3", "Figures").open("dl", "class", "figures");
    result.restored().ifPresent(restored -> {
      figure(html, "backup", restored.backupId());
      figure(
          html,
          "restored",
          Figures.bytes(restored.bytes()) + " in " + restored.files() + " files, "
              + Figures.bytes(restored.bytesPerSecond()) + "/s");
      figure(
          html,
          "WAL",
          restored.walSegments() + " segments, now on timeline " + restored.timeline());
    });
    result.rpo().ifPresent(rpo -> {
      figure(html, "unknown outcomes", rpo.unknown() + ", recovered " + rpo.unknownRecovered());
      figure(
          html,
          "phantoms, out of order, overshoot",
          rpo.phantoms() + ", " + rpo.nonPrefixLoss() + ", " + rpo.overshoot());
    });
    result.figures().forEach(one -> figure(html, Figures.name(one), Figures.value(one)));
    html.close();
  }

  private static void figure(Markup html, String name, String value) {
    html.open("div").element("dt", name).element("dd", value).close();
  }

  private static void checks(Markup html, ScenarioResult result) {
    if (result.checks().isEmpty()) {
      return;
    }
    html.element("h3", "What was checked").open("ul", "class", "checks");
    for (Check check : result.checks()) {
      html.open("li", "class", check.passed() ? "passed" : "failed")
          .element("b", check.name())
          .text(check.passed() ? " passed" : " FAILED")
          .element("span", check.detail(), "class", "detail")
          .close();
    }
    html.close();
  }
}
