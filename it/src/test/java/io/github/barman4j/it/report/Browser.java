package io.github.barman4j.it.report;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** This machine's Chromium without a window, by Debian's packages chromium and chromium-driver. */
final class Browser implements AutoCloseable {
  private final ChromeDriver driver;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
  }

  /** Skips the test where there is none, unless {@code BARMAN_REQUIRE} lists {@code browser}. */
  static Browser start() {
    Optional<Path> program = onPath("chromium", "chromium-browser", "google-chrome");
    Optional<Path> control = onPath("chromedriver");
    if (program.isEmpty() || control.isEmpty()) {
      String why = "there is no " + (program.isEmpty() ? "chromium" : "chromedriver")
          + " on the PATH: install the packages chromium and chromium-driver";
      if (required()) {
        Assertions.fail(why + "; BARMAN_REQUIRE says that a browser must be here");
      }
      Assumptions.abort(why);
    }
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(program.orElseThrow().toFile());
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars");
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriverService service = new ChromeDriverService.Builder()
        .usingDriverExecutable(control.orElseThrow().toFile())
        .usingAnyFreePort()
        .build();
    return new Browser(new ChromeDriver(service, options));
  }

  private static boolean required() {
    String required = System.getenv("BARMAN_REQUIRE");
    return required != null && List.of(required.split(",")).contains("browser");
  }

  private static Optional<Path> onPath(String... names) {
    String path = System.getenv("PATH");
    return Arrays.stream(names)
        .flatMap(name -> Stream.of((path == null ? "" : path).split(File.pathSeparator))
            .filter(folder -> !folder.isEmpty())
            .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** How a page is looked at from now on. */
  void look(int width, int height, double pixels, boolean dark) {
    driver.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of(
            "width", width, "height", height, "deviceScaleFactor", pixels, "mobile", width < 600));
    driver.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
  }

  void open(Path page) {
    driver.get(page.toUri().toString());
  }

  /** What a function's body returns. */
  @Nullable
  Object run(String body) {
    return driver.executeScript(body);
  }

  long number(String expression) {
    return ((Number) Objects.requireNonNull(run("return " + expression))).longValue();
  }

  List<String> texts(String body) {
    return ((List<?>) Objects.requireNonNull(run(body)))
        .stream().map(String::valueOf).toList();
  }

  /** Everything that the console has said since the last time. */
  List<String> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::toString)
        .toList();
  }

  /** What is in view, as PNG. */
  byte[] screenshot() {
    Map<String, Object> answer =
        driver.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png"));
    return Base64.getDecoder().decode(String.valueOf(answer.get("data")));
  }

  @Override
  public void close() {
    driver.quit();
  }
}
