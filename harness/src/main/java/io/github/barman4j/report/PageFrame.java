package io.github.barman4j.report;

/** What every page begins with: one that needs no other file, loads nothing, and reads on a phone and in the dark. */
final class PageFrame {
  private PageFrame() {}

  /**
   * Writes everything up to the content, inside of {@code html}, {@code body} and {@code main}, which the caller closes.
   *
   * @param scripts those that may run
   */
  static Markup open(String title, String... scripts) {
    String style = PageParts.style();
    Markup html = new Markup();
    html.raw("<!DOCTYPE html>").line().open("html", "lang", "en").open("head");
    html.single("meta", "charset", "utf-8")
        .single(
            "meta",
            "http-equiv",
            "Content-Security-Policy",
            "content",
            PageParts.policy(style, scripts))
        .single("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
        .single("meta", "name", "color-scheme", "content", "light dark")
        .element("title", title)
        .line()
        .open("style")
        .raw(style)
        .close()
        .close();
    return html.line().open("body").open("main");
  }
}
