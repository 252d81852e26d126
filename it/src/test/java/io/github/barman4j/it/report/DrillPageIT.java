package io.github.barman4j.it.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.barman4j.report.DrillReport;
import io.github.barman4j.report.ReportFiles;
import io.github.barman4j.report.ReportedModule;
import io.github.barman4j.report.ReportedModules;
import io.github.barman4j.report.ScenarioResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code drill.html}, looked at with a real browser. */
class DrillPageIT {
  private static final String OPEN_ALL =
      "document.querySelectorAll('details').forEach(one => one.open = true);";

  /** Texts whose colour is too near to what is behind them (WCAG 2.1, 1.4.3: 4.5 to 1). */
  private static final String FAINT = """
      const lightness = text => {
        const [r, g, b] = text.match(/[0-9.]+/g).map(Number).map(v => v / 255)
            .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const behind = element => {
        for (let e = element; e; e = e.parentElement) {
          const colour = getComputedStyle(e).backgroundColor;
          if (!/, 0\\)$/.test(colour)) return colour;
        }
        return 'rgb(255, 255, 255)';
      };
      const faint = [];
      const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const element = texts.currentNode.parentElement;
        if (!texts.currentNode.data.trim() || !element.getClientRects().length) continue;
        const [high, low] = [lightness(getComputedStyle(element).color), lightness(behind(element))]
            .sort((one, other) => other - one);
        const contrast = (high + 0.05) / (low + 0.05);
        if (contrast < 4.5) faint.push(element.className + ': ' + element.textContent + ' ' + contrast);
      }
      return faint;
      """;

  @TempDir
  static Path folder;

  private static Browser browser;

  @BeforeAll
  static void write() throws IOException {
    ReportFiles.write(Reports.mixed(), folder.resolve("mixed"), null);
    ReportFiles.write(Reports.good(), folder.resolve("good"), null);
    String drill = Files.readString(folder.resolve("mixed/drill.html"));
    Files.writeString(folder.resolve("both.html"), Repositories.mixed().behind(drill));
    Path json = folder.resolve("mixed/drill.json");
    Files.writeString(
        folder.resolve("modules.html"),
        new ReportedModules(
                "the test",
                List.of(
                    ReportedModule.read("shop", "mixed/drill.html", json),
                    ReportedModule.read(
                        Reports.LONG, "good/drill.html", folder.resolve("good/drill.json"))))
            .page());
    Files.writeString(folder.resolve("repository.html"), Repositories.mixed().page());
  }

  /** Once for all; not in BeforeAll, as a skip there is counted nowhere. */
  @BeforeEach
  void start() {
    if (browser == null) {
      browser = Browser.start();
    }
  }

  @AfterAll
  static void stop() {
    if (browser != null) {
      browser.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"390, 844, false", "390, 844, true", "1280, 900, false", "1280, 900, true"})
  void showsEverythingToAPhoneAndADeskByDayAndByNight(int width, int height, boolean dark)
      throws IOException {
    DrillReport report = Reports.mixed();
    browser.look(width, height, 1, dark);
    browser.open(folder.resolve("mixed/drill.html"));
    fits(width);
    String name = "mixed-" + width + (dark ? "-dark" : "");
    keep(name + ".png");
    browser.run(OPEN_ALL);
    browser.run("document.querySelector('#s4').scrollIntoView()");
    keep(name + "-open.png");
    fits(width);
    assertThat(browser.texts("return [...document.querySelectorAll('.scenario > summary .verdict')]"
            + ".map(one => one.textContent)"))
        .containsExactlyElementsOf(
            report.scenarios().stream().map(result -> result.verdict().text()).toList());
    assertThat(browser.texts(FAINT)).isEmpty();
    assertThat(browser.number("performance.getEntriesByType('resource').length"))
        .isZero();
    assertThat(browser.console()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"390, 844, false", "390, 844, true", "1280, 900, false", "1280, 900, true"})
  void showsARepositoryToo(int width, int height, boolean dark) throws IOException {
    browser.look(width, height, 1, dark);
    for (String page : List.of("both", "repository")) {
      browser.open(folder.resolve(page + ".html"));
      browser.run("document.querySelector('.repository').scrollIntoView()");
      keep(page + "-" + width + (dark ? "-dark" : "") + ".png");
      browser.run("document.querySelector('.repository .list').scrollIntoView()");
      keep(page + "-list-" + width + (dark ? "-dark" : "") + ".png");
      fits(width);
      assertThat(browser.texts(FAINT)).isEmpty();
      assertThat(browser.texts("return [...document.querySelectorAll('.repository tbody tr')]"
              + ".map(one => one.innerText)"))
          .hasSize(3);
      assertThat(browser.run("return document.body.innerText").toString())
          .contains("Timeline 2", "a gap: segment 000000010000000000000005 is missing");
      assertThat(browser.run("return window.hostile === undefined")).isEqualTo(true);
      assertThat(browser.number("performance.getEntriesByType('resource').length"))
          .isZero();
      assertThat(browser.console()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"390, 844, false", "390, 844, true", "1280, 900, false", "1280, 900, true"})
  void showsTheDrillsOfAllModules(int width, int height, boolean dark) throws IOException {
    browser.look(width, height, 1, dark);
    browser.open(folder.resolve("modules.html"));
    keep("modules-" + width + (dark ? "-dark" : "") + ".png");
    fits(width);
    assertThat(browser.texts(FAINT)).isEmpty();
    assertThat(browser.number("document.querySelectorAll('.module').length")).isEqualTo(2);
    assertThat(browser.texts("return [...document.querySelectorAll('.module .verdict')]"
            + ".filter(one => one.getClientRects().length > 1).map(one => one.textContent)"))
        .as("verdicts that are broken over two lines")
        .isEmpty();
    assertThat(browser.number("document.querySelectorAll('.module tbody tr').length"))
        .isEqualTo(2 * Reports.mixed().scenarios().size());
    assertThat(browser.run("return window.hostile === undefined")).isEqualTo(true);
    assertThat(browser.console()).isEmpty();
    browser.run("document.querySelector('.module a').click()");
    Awaitility.await()
        .until(() -> browser.number("document.querySelectorAll('.scenario').length") > 0);
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void drawsEveryChart() {
    browser.look(390, 844, 2, true);
    browser.open(folder.resolve("mixed/drill.html"));
    browser.run(OPEN_ALL);
    long expected =
        Reports.mixed().scenarios().stream().mapToLong(DrillPageIT::charts).sum();
    assertThat(expected).isGreaterThan(50);
    // A chart is drawn when its scenario's opening is told, which is after this script has ended.
    Awaitility.await()
        .until(
            () -> browser.number("document.querySelectorAll('.chart canvas').length") == expected);
    assertThat(browser.texts("""
            return [...document.querySelectorAll('.chart canvas')].map(canvas => {
              const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
              const colours = new Set();
              for (let i = 0; i < pixels.length; i += 4) {
                if (pixels[i + 3] === 255) colours.add(pixels[i] << 16 | pixels[i + 1] << 8 | pixels[i + 2]);
              }
              return colours.size > 2 ? 'drawn' : 'empty';
            })
            """)).hasSize((int) expected).containsOnly("drawn");
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void takesTextsForTextsAlone() {
    browser.look(1200, 900, 1, false);
    browser.open(folder.resolve("mixed/drill.html"));
    assertThat(browser.run("return window.hostile === undefined")).isEqualTo(true);
    assertThat(browser.number("document.querySelectorAll('img').length")).isZero();
    assertThat(browser.run("return document.body.innerText").toString()).contains(Reports.HOSTILE);
  }

  @Test
  void runsNothingThatIsNotItsOwn() {
    browser.look(1200, 900, 1, false);
    browser.open(folder.resolve("good/drill.html"));
    browser.run("const script = document.createElement('script');"
        + "script.textContent = 'window.hostile = 3'; document.body.append(script);");
    assertThat(browser.run("return window.hostile === undefined")).isEqualTo(true);
    assertThat(browser.console()).anyMatch(line -> line.contains("Content Security Policy"));
  }

  @Test
  void showsWhatReadmeShows() throws IOException {
    browser.look(1000, 1395, 1, false);
    browser.open(folder.resolve("good/drill.html"));
    browser.run("document.querySelector('#s1').open = true;");
    Awaitility.await()
        .until(() -> browser.number("document.querySelectorAll('#s1 canvas').length") == 2);
    keep("drill.png");
    assertThat(browser.console()).isEmpty();
  }

  private static long charts(ScenarioResult result) {
    return (result.traffic().isPresent() ? 1 : 0) + (result.earlier().isEmpty() ? 0 : 1);
  }

  /** Neither has the page to be moved sideways, nor is anything cut off. */
  private static void fits(int width) {
    assertThat(browser.number("document.documentElement.scrollWidth")).isLessThanOrEqualTo(width);
    assertThat(browser.texts("""
            return [...document.querySelectorAll('main *')].filter(one =>
                one.getBoundingClientRect().right > innerWidth + 1
                || one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1)
              .map(one => one.tagName + '.' + one.className)
            """)).isEmpty();
  }

  private static void keep(String name) throws IOException {
    Path images = Files.createDirectories(Path.of("target", "drill-page"));
    Files.write(images.resolve(name), browser.screenshot());
  }
}
