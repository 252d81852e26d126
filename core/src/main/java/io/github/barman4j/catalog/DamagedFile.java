package io.github.barman4j.catalog;

import java.util.List;

/**
 * A file of a backup of which something is bad.
 *
 * @param path in the data directory, or the name of an object of the repository when the damage concerns no single file
 * @param relation for people to read, for example {@code public.accounts in database shop}; empty when there is none or it is not known
 * @param blocks numbers of the bad pages in the file, from 0, of 8 KiB each (BLCKSZ); empty when they are not known
 * @param problem what was found, in words
 */
public record DamagedFile(String path, String relation, List<Long> blocks, String problem) {
  public DamagedFile {
    blocks = List.copyOf(blocks);
  }
}
