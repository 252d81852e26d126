package io.github.barman4j.restore;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who owns what a restore makes. PostgreSQL starts only on files of the user that runs it, and refuses to run as root. Thread-safe.
 */
final class FileOwner {
  /** Files stay with the user that runs the restore. */
  static final FileOwner SELF = new FileOwner(null, null);

  static final String DEFAULT_NAME = "postgres";

  private static final String ROOT = "root";

  private final @Nullable UserPrincipal user;
  private final @Nullable GroupPrincipal group;

  private FileOwner(@Nullable UserPrincipal user, @Nullable GroupPrincipal group) {
    this.user = user;
    this.group = group;
  }

  /**
   * The owner for a restore.
   *
   * @param directory one that exists and that we may write in: a file made there for a moment tells who we are
   * @param wanted the name that the user asked for; null for the default: as root {@value #DEFAULT_NAME}, else ourselves
   * @throws BarmanException (RESTORE_OWNER) when there is no such user, or we are not root and somebody else is wanted
   */
  static FileOwner of(Path directory, @Nullable String wanted) throws IOException {
    Path probe = Files.createTempFile(directory, DirectoryCheck.PROBE, null);
    UserPrincipal self;
    try {
      self = Files.getOwner(probe);
    } finally {
      Files.delete(probe);
    }
    boolean root = self.getName().equals(ROOT);
    String name = wanted != null ? wanted : root ? DEFAULT_NAME : self.getName();
    if (name.equals(self.getName())) {
      return SELF;
    }
    if (!root) {
      throw new BarmanException(
          ErrorCode.RESTORE_OWNER,
          "files cannot be given to user '" + name + "' by user '" + self.getName() + "'",
          "run the restore as that user or as root, or leave barman.owner out.");
    }
    return lookUp(directory.getFileSystem().getUserPrincipalLookupService(), name, wanted == null);
  }

  private static FileOwner lookUp(UserPrincipalLookupService users, String name, boolean byDefault)
      throws IOException {
    UserPrincipal user;
    try {
      user = users.lookupPrincipalByName(name);
    } catch (UserPrincipalNotFoundException e) {
      throw new BarmanException(
          ErrorCode.RESTORE_OWNER,
          byDefault
              ? "the restore runs as root and there is no user '" + name + "' to own the files"
              : "there is no user '" + name + "' to own the files",
          "name the user that will run PostgreSQL in barman.owner; it does not run as root.",
          e);
    }
    try {
      return new FileOwner(user, users.lookupPrincipalByGroupName(name));
    } catch (UserPrincipalNotFoundException e) {
      // Not every user has a group of the same name. The group does not matter to PostgreSQL.
      return new FileOwner(user, null);
    }
  }

  /** Gives a file, a directory or a link itself to the owner. */
  void give(Path path) throws IOException {
    if (user == null) {
      return;
    }
    PosixFileAttributeView view =
        Files.getFileAttributeView(path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    view.setOwner(user);
    if (group != null) {
      view.setGroup(group);
    }
  }

  /** The user's name; empty when files stay with us. */
  Optional<String> name() {
    return Optional.ofNullable(user).map(UserPrincipal::getName);
  }

  /**
   * The first of the directories above a path that the owner has no right to pass through, as far as the permission bits tell; empty
   * when there is none.
   */
  Optional<Path> barrier(Path path) throws IOException {
    if (user == null) {
      return Optional.empty();
    }
    Path root = path.getRoot();
    Path above = root == null ? path : root;
    for (Path part : path) {
      if (!Files.isDirectory(above)) {
        break;
      }
      PosixFileAttributes attributes = Files.readAttributes(above, PosixFileAttributes.class);
      PosixFilePermission needed = attributes.owner().equals(user)
          ? PosixFilePermission.OWNER_EXECUTE
          : attributes.group().equals(group)
              ? PosixFilePermission.GROUP_EXECUTE
              : PosixFilePermission.OTHERS_EXECUTE;
      if (!attributes.permissions().contains(needed)) {
        return Optional.of(above);
      }
      above = above.resolve(part);
    }
    return Optional.empty();
  }
}
