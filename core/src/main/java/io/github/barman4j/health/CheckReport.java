package io.github.barman4j.health;

import java.util.List;

/** All items in the order in which they were looked at. */
public record CheckReport(String server, List<CheckItem> items) {
  public CheckReport {
    items = List.copyOf(items);
  }

  public boolean passed() {
    return failed().isEmpty();
  }

  public List<CheckItem> failed() {
    return items.stream()
        .filter(item -> item.status() == CheckItem.Status.FAILED)
        .toList();
  }
}
