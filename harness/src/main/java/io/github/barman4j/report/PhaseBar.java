package io.github.barman4j.report;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Phases as one bar of coloured stretches, and their names and times. */
final class PhaseBar {
  private static final int WIDTH = 1000;
  private static final int COLOURS = 9;
  private static final List<String> KNOWN = List.of(
      "detect", "plan", "restore", "start", "consistent", "replay", "open", "read", "write");

  private PhaseBar() {}

  /**
   * @param whole what the full width stands for
   * @param label for those who do not see it
   */
  static void draw(Markup html, List<Phase> phases, Duration whole, String label) {
    html.open(
        "svg",
        "class",
        "bar",
        "viewBox",
        "0 0 " + WIDTH + " 10",
        "preserveAspectRatio",
        "none",
        "role",
        "img",
        "aria-label",
        label);
    html.open("rect", "class", "track", "width", Integer.toString(WIDTH), "height", "10")
        .close();
    double scale = WIDTH / Math.max(1e-9, seconds(whole));
    double x = 0;
    for (Phase phase : phases) {
      double width = seconds(phase.took()) * scale;
      if (width > 0) {
        html.open(
                "rect",
                "class",
                colour(phase),
                "x",
                number(x),
                "width",
                number(width),
                "height",
                "10")
            .element("title", phase.name() + " " + Figures.seconds(phase.took()) + " s")
            .close();
      }
      x += width;
    }
    html.close();
  }

  /** A name and a time for each, in the colour of its stretch. */
  static void legend(Markup html, List<Phase> phases) {
    html.open("ol", "class", "phases");
    for (Phase phase : phases) {
      html.open("li", "class", colour(phase))
          .element("span", phase.name(), "class", "name")
          .element("span", Figures.seconds(phase.took()) + " s", "class", "figure")
          .close();
    }
    html.close();
  }

  private static String colour(Phase phase) {
    int known = KNOWN.indexOf(phase.name());
    return "phase p" + (known >= 0 ? known : Math.floorMod(phase.name().hashCode(), COLOURS));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }
}
