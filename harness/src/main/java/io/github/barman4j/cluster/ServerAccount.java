package io.github.barman4j.cluster;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who runs PostgreSQL, which refuses to run as root.
 *
 * <p>An ordinary user runs it directly. Root runs it in a user namespace of its own ({@code unshare -U}): the files stay root's and
 * the server has no privilege left. Where that is forbidden, root changes to an unprivileged account, which must then own the files.
 */
public final class ServerAccount {
  private static final List<String> CANDIDATES = List.of("postgres", "nobody");

  private final List<String> prefix;
  private final @Nullable UserPrincipal other;
  private final String owner;

  private ServerAccount(List<String> prefix, @Nullable UserPrincipal other, String owner) {
    this.prefix = List.copyOf(prefix);
    this.other = other;
    this.owner = owner;
  }

  /**
   * @param own a folder that this process has made
   * @throws BarmanException with code DRILL_CLUSTER when root can neither make a user namespace nor change to another account
   */
  static ServerAccount detect(Path own) {
    try {
      String me = Files.getOwner(own).getName();
      if (!Integer.valueOf(0).equals(Files.getAttribute(own, "unix:uid"))) {
        return new ServerAccount(List.of(), null, me);
      }
      Command.Result namespace = Command.run(List.of("unshare", "-U", "id", "-u"), null);
      if (namespace.succeeded() && !namespace.output().equals("0")) {
        return new ServerAccount(List.of("unshare", "-U"), null, me);
      }
      for (String name : CANDIDATES) {
        for (List<String> change : changesTo(name)) {
          List<String> probe = new ArrayList<>(change);
          probe.addAll(List.of("id", "-u"));
          Command.Result result = Command.run(probe, null);
          if (result.succeeded() && !result.output().equals("0")) {
            UserPrincipal user =
                own.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name);
            return new ServerAccount(change, user, name);
          }
        }
      }
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER,
          "PostgreSQL does not run as root, and neither unshare -U (" + namespace.output()
              + ") nor setpriv or runuser to one of " + CANDIDATES + " works",
          "run Maven as an ordinary user, or allow user namespaces");
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER, "the owner of " + own + " cannot be read", "see the cause", e);
    }
  }

  /**
   * Whoever runs PostgreSQL in a container, where the kernel knows users by their numbers alone: the owner of the files, or for root an
   * unprivileged account.
   */
  static ServerAccount inContainers(Path own) {
    try {
      if (!Integer.valueOf(0).equals(Files.getAttribute(own, "unix:uid"))) {
        return new ServerAccount(List.of(), null, Files.getOwner(own).getName());
      }
      for (String name : CANDIDATES) {
        if (Command.run(List.of("id", "-u", name), null).succeeded()) {
          UserPrincipal user =
              own.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name);
          return new ServerAccount(List.of(), user, name);
        }
      }
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER,
          "PostgreSQL does not run as root, and there is no account of " + CANDIDATES,
          "run Maven as an ordinary user");
    } catch (IOException e) {
      throw new BarmanException(
          ErrorCode.DRILL_CLUSTER, "the owner of " + own + " cannot be read", "see the cause", e);
    }
  }

  private static List<List<String>> changesTo(String name) {
    return List.of(
        List.of("setpriv", "--reuid=" + name, "--regid=" + groupOf(name), "--clear-groups"),
        List.of("runuser", "-u", name, "--"));
  }

  private static String groupOf(String name) {
    Command.Result group = Command.run(List.of("id", "-g", name), null);
    return group.succeeded() ? group.output() : name;
  }

  /** The account that must own a data directory: the value for a restore's owner. */
  public String owner() {
    return owner;
  }

  List<String> command(List<String> command) {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(command);
    return all;
  }

  /** Gives a folder and what is in it to the server; links are not followed. */
  void own(Path tree) throws IOException {
    UserPrincipal user = other;
    if (user == null) {
      return;
    }
    requireTraversable(tree);
    Files.walkFileTree(tree, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes)
          throws IOException {
        Files.setOwner(dir, user);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        Files.setAttribute(file, "posix:owner", user, LinkOption.NOFOLLOW_LINKS);
        return FileVisitResult.CONTINUE;
      }
    });
  }

  private void requireTraversable(Path tree) throws IOException {
    for (Path dir = tree.toAbsolutePath().getParent(); dir != null; dir = dir.getParent()) {
      if (!Files.getPosixFilePermissions(dir).contains(PosixFilePermission.OTHERS_EXECUTE)
          && !Files.getOwner(dir).getName().equals(owner)) {
        throw new BarmanException(
            ErrorCode.DRILL_CLUSTER,
            "account " + owner + " cannot enter " + dir,
            "name a temporary folder that everybody can enter with -Djava.io.tmpdir");
      }
    }
  }
}
