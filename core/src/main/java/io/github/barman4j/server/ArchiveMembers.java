package io.github.barman4j.server;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.codec.Decoders;
import io.github.barman4j.protocol.BaseBackupItem;
import io.github.barman4j.protocol.TablespaceInfo;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes the archives of one base backup apart and gives their members to a visitor, under the paths that they have in a data directory.
 *
 * <p>The only links are those of the announced tablespaces, to where they were announced; nothing may lie below such a link but what
 * comes in that tablespace's own archive.
 */
final class ArchiveMembers {
  private static final String BASE = "base";
  private static final String TABLESPACES = "pg_tblspc/";

  private final Map<String, TablespaceInfo> tablespaces = new HashMap<>();
  private final SourceVisitor visitor;
  private final Set<String> seen = new HashSet<>();
  private Instant lastModified = Instant.EPOCH;

  ArchiveMembers(List<TablespaceInfo> announced, SourceVisitor visitor) {
    for (TablespaceInfo tablespace : announced) {
      tablespaces.put(Long.toString(tablespace.oid()), tablespace);
    }
    this.visitor = visitor;
  }

  /** The newest file's time: the server's clock, more or less. */
  Instant lastModified() {
    return lastModified;
  }

  /** Reads one archive to its end. */
  void read(BaseBackupItem.Archive archive, InputStream bytes) {
    int dot = archive.name().indexOf(".tar");
    String stem = dot < 0 ? "" : archive.name().substring(0, dot);
    TablespaceInfo tablespace = stem.equals(BASE) ? null : tablespaces.get(stem);
    boolean known = stem.equals(BASE)
        ? archive.location().isEmpty()
        : tablespace != null && tablespace.location().equals(archive.location());
    if (!known || !seen.add(stem)) {
      throw refused(archive, "it was not announced, or came twice");
    }
    String prefix = tablespace == null ? "" : TABLESPACES + stem + "/";
    try (InputStream plain = plain(archive, archive.name().substring(dot), bytes)) {
      TarReader tar = new TarReader(plain, archive.name());
      for (TarReader.Member member = tar.next(); member != null; member = tar.next()) {
        give(archive, prefix, member, tar);
      }
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.PROTOCOL_VIOLATION,
          "archive " + archive.name() + " of the server cannot be decompressed: " + e.getMessage(),
          "take the backup again; when it happens again, try barman.wireCompression=none.",
          e);
    }
  }

  private static InputStream plain(BaseBackupItem.Archive archive, String suffix, InputStream bytes)
      throws IOException {
    return switch (suffix) {
      case ".tar" -> bytes;
      case ".tar.gz" -> Decoders.gzip(bytes);
      case ".tar.zst" -> Decoders.zstd(bytes);
      default -> throw refused(archive, "its compression is unknown");
    };
  }

  private void give(
      BaseBackupItem.Archive archive, String prefix, TarReader.Member member, TarReader tar) {
    String path = prefix + member.path();
    if (prefix.isEmpty()) {
      checkBelowTablespace(archive, member);
    }
    switch (member.type()) {
      case DIRECTORY -> visitor.directory(path, member.mode());
      case LINK -> {
        if (!prefix.isEmpty()) {
          throw MemberName.hostile(archive.name(), path, "a link in a tablespace");
        }
        visitor.link(path, checkedLink(archive, member));
      }
      case FILE -> {
        if (member.modified().isAfter(lastModified)) {
          lastModified = member.modified();
        }
        visitor.file(
            new SourceFile(path, member.mode(), member.modified(), member.size()), tar.content());
      }
    }
  }

  private void checkBelowTablespace(BaseBackupItem.Archive archive, TarReader.Member member) {
    if (!member.path().startsWith(TABLESPACES)) {
      return;
    }
    int end = member.path().indexOf('/', TABLESPACES.length());
    if (end >= 0 && tablespace(member.path().substring(0, end)) != null) {
      throw MemberName.hostile(
          archive.name(), member.path(), "it lies below a tablespace that has its own archive");
    }
  }

  private String checkedLink(BaseBackupItem.Archive archive, TarReader.Member member) {
    TablespaceInfo tablespace = tablespace(member.path());
    if (tablespace == null) {
      throw MemberName.hostile(archive.name(), member.path(), "a link that is no tablespace's");
    }
    if (!tablespace.location().equals(member.link()) || !member.link().startsWith("/")) {
      throw MemberName.hostile(
          archive.name(), member.path(), "a link that leads elsewhere than its tablespace");
    }
    MemberName.safe(member.link().substring(1), archive.name());
    return member.link();
  }

  private @Nullable TablespaceInfo tablespace(String path) {
    return path.startsWith(TABLESPACES)
        ? tablespaces.get(path.substring(TABLESPACES.length()))
        : null;
  }

  /** Refuses a backup that lacks an announced archive. */
  void checkComplete() {
    if (!seen.contains(BASE) || !seen.containsAll(tablespaces.keySet())) {
      throw new BarmanException(
          ErrorCode.PROTOCOL_VIOLATION,
          "the server sent the archives " + seen + " but announced base and "
              + tablespaces.keySet(),
          "take the backup again.");
    }
  }

  private static BarmanException refused(BaseBackupItem.Archive archive, String why) {
    return new BarmanException(
        ErrorCode.HOSTILE_ARCHIVE,
        "archive '" + archive.name().replaceAll("\\p{Cntrl}", "?") + "' is refused: " + why,
        "a PostgreSQL server sends no such archive; is this server to be trusted?");
  }
}
