package io.github.barman4j.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** What every {@code drill.html} has inside: its style, its program, and the library of its charts, uPlot. */
final class PageParts {
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/";

  private PageParts() {}

  static String style() {
    return read(UPLOT + "dist/uPlot.min.css") + "\n" + read("drill.css");
  }

  static String charts() {
    return read(UPLOT + "dist/uPlot.iife.min.js");
  }

  static String program() {
    return read("drill.js");
  }

  static String chartsLicence() {
    return read(UPLOT + "LICENSE");
  }

  /** Nothing is loaded, and nothing runs but what has these very bytes. */
  static String policy(String style, String... scripts) {
    StringBuilder policy = new StringBuilder("default-src 'none'; script-src");
    for (String script : scripts) {
      policy.append(' ').append(hash(script));
    }
    return policy
        .append("; style-src ")
        .append(hash(style))
        .append("; base-uri 'none'; form-action 'none'")
        .toString();
  }

  private static String hash(String content) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(content.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String read(String name) {
    try (InputStream in = PageParts.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the harness lacks its part " + name);
      }
      // HTML normalises line ends, and the hashes are of what it makes of them.
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
