package io.github.barman4j.verify;

import io.github.barman4j.catalog.DamagedFile;
import java.util.List;

/**
 * Something that is not as it should be.
 *
 * @param backup the id of the backup that it concerns; empty when it concerns the server's log after all backups that were verified
 * @param file in the data directory, or the name of an object of the repository
 * @param relation for people to read; empty when there is none or it is not known
 * @param blocks numbers of pages of 8 KiB in the file, from 0, the first thousand of them; empty when they are not known
 * @param problem in words
 */
public record Finding(
    String backup, String file, String relation, List<Long> blocks, String problem) {
  public Finding {
    blocks = List.copyOf(blocks);
  }

  static Finding of(String backup, DamagedFile file) {
    return new Finding(backup, file.path(), file.relation(), file.blocks(), file.problem());
  }

  /** One line. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    if (!backup.isEmpty()) {
      text.append("backup ").append(backup).append(": ");
    }
    text.append(file);
    if (!relation.isEmpty()) {
      text.append(" (").append(relation).append(')');
    }
    if (!blocks.isEmpty()) {
      text.append(blocks.size() == 1 ? ", block " : ", blocks ").append(ranges());
    }
    return text.append(": ").append(problem).toString();
  }

  private String ranges() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < blocks.size(); ) {
      int last = i;
      while (last + 1 < blocks.size() && blocks.get(last + 1) == blocks.get(last) + 1) {
        last++;
      }
      text.append(text.length() == 0 ? "" : ", ").append(blocks.get(i));
      if (last > i) {
        text.append(" to ").append(blocks.get(last));
      }
      i = last + 1;
    }
    return text.toString();
  }
}
