package io.github.barman4j.postgres;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of pages in a data directory: one segment of one fork of a relation (relpath.c, GetRelationPath, and md.c, _mdfd_segpath,
 * 15–18). Files of temporary relations are none: a base backup leaves them out.
 *
 * @param tablespace oid; 1663 is pg_default, 1664 pg_global
 * @param database oid; 0 for what all databases share
 * @param relation file number of the relation (pg_relation_filenode), which need not be its oid
 * @param segment from 0
 */
public record RelationFile(long tablespace, long database, long relation, Fork fork, int segment) {
  /** Oid of pg_default. */
  public static final long DEFAULT_TABLESPACE = 1663;

  /** Oid of pg_global. */
  public static final long GLOBAL_TABLESPACE = 1664;

  private static final Pattern PATH = Pattern.compile("(?:global|base/(?<db>[1-9][0-9]{0,9})"
      + "|pg_tblspc/(?<spc>[1-9][0-9]{0,9})/PG_[0-9]+_[0-9]+/(?<spcdb>[1-9][0-9]{0,9}))"
      + "/(?<rel>[1-9][0-9]{0,9})(?:_(?<fork>fsm|vm|init))?(?:\\.(?<seg>[1-9][0-9]{0,5}))?");

  /** What the file holds of the relation; in the order of ForkNumber (relpath.h). */
  public enum Fork {
    MAIN,
    FSM,
    VM,
    INIT
  }

  /** The relation file that a path of the data directory names; empty for every other file. */
  public static Optional<RelationFile> of(String path) {
    Matcher matcher = PATH.matcher(path);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String fork = matcher.group("fork");
    String segment = matcher.group("seg");
    String own = matcher.group("spc");
    boolean global = path.startsWith("global/");
    String database = own == null ? matcher.group("db") : matcher.group("spcdb");
    return Optional.of(new RelationFile(
        global ? GLOBAL_TABLESPACE : own == null ? DEFAULT_TABLESPACE : Long.parseLong(own),
        global ? 0 : Long.parseLong(database),
        Long.parseLong(matcher.group("rel")),
        fork == null ? Fork.MAIN : Fork.valueOf(fork.toUpperCase(Locale.ROOT)),
        segment == null ? 0 : Integer.parseInt(segment)));
  }

  /**
   * The number in the fork of a page of this file.
   *
   * @param page from 0, in this file
   * @param segmentPages pages of a whole segment, 131072 unless the server was built otherwise ({@link
   *     ControlFile#relationSegmentBlocks})
   */
  public long block(long page, int segmentPages) {
    return (long) segment * segmentPages + page;
  }
}
