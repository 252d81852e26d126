package io.github.barman4j.report;

import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * {@code TEST-barman.drill.xml}, as test runners write it (surefire-test-report-3.0.xsd). An inconclusive scenario is a failure of a
 * type of its own.
 */
final class JUnitReport {
  private static final String SUITE = "barman.drill";

  private JUnitReport() {}

  static String of(DrillReport report) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      newLine(xml, 0);
      suite(xml, report);
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a string takes every text", e);
    }
    return text.append('\n').toString();
  }

  private static void suite(XMLStreamWriter xml, DrillReport report) throws XMLStreamException {
    long failures = report.count(Verdict.FAILED) + report.count(Verdict.INCONCLUSIVE);
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", SUITE);
    xml.writeAttribute("time", Figures.exactSeconds(report.took()).toPlainString());
    xml.writeAttribute("tests", Integer.toString(report.scenarios().size()));
    xml.writeAttribute("errors", "0");
    xml.writeAttribute("skipped", Long.toString(report.count(Verdict.SKIPPED)));
    xml.writeAttribute("failures", Long.toString(failures));
    xml.writeAttribute(
        "timestamp", report.startedAt().truncatedTo(ChronoUnit.SECONDS).toString());
    newLine(xml, 1);
    xml.writeStartElement("properties");
    property(xml, "environment", report.environment().kind());
    property(xml, "postgres", report.environment().postgres());
    property(xml, "java", report.environment().java());
    property(xml, "seed", Long.toString(report.seed()));
    newLine(xml, 1);
    xml.writeEndElement();
    for (ScenarioResult result : report.scenarios()) {
      testCase(xml, result);
    }
    newLine(xml, 0);
    xml.writeEndElement();
  }

  private static void testCase(XMLStreamWriter xml, ScenarioResult result)
      throws XMLStreamException {
    newLine(xml, 1);
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", SUITE + "." + result.id());
    xml.writeAttribute(
        "name", result.name() + result.variant().map(text -> "[" + text + "]").orElse(""));
    xml.writeAttribute(
        "time",
        result
            .rto()
            .map(rto -> Figures.exactSeconds(rto.total()).toPlainString())
            .orElse("0.0"));
    String reasons = String.join("\n", result.reasons());
    if (result.verdict() == Verdict.SKIPPED) {
      newLine(xml, 2);
      xml.writeEmptyElement("skipped");
      xml.writeAttribute("message", printable(reasons));
    } else if (result.verdict().isBreach()) {
      newLine(xml, 2);
      xml.writeStartElement("failure");
      xml.writeAttribute(
          "message", printable(result.reasons().stream().findFirst().orElse("")));
      xml.writeAttribute("type", result.verdict().text());
      xml.writeCharacters(printable(reasons));
      xml.writeEndElement();
    }
    newLine(xml, 2);
    xml.writeStartElement("system-out");
    xml.writeCharacters(printable(String.join("\n", ConsoleTable.details(result))));
    xml.writeEndElement();
    newLine(xml, 1);
    xml.writeEndElement();
  }

  private static void property(XMLStreamWriter xml, String name, String value)
      throws XMLStreamException {
    newLine(xml, 2);
    xml.writeEmptyElement("property");
    xml.writeAttribute("name", name);
    xml.writeAttribute("value", printable(value));
  }

  private static void newLine(XMLStreamWriter xml, int depth) throws XMLStreamException {
    xml.writeCharacters("\n" + "  ".repeat(depth));
  }

  /** XML 1.0 has no way to write most control characters, which a server's message may hold. */
  private static String printable(String text) {
    return text.replaceAll("[\\x00-\\x08\\x0B\\x0C\\x0E-\\x1F\\x{FFFE}\\x{FFFF}]", "?");
  }
}
