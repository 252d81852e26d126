package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.InterruptedWork;
import io.github.barman4j.Interruption;
import io.github.barman4j.Secret;
import java.nio.file.Path;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.descriptor.PluginDescriptor;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.project.MavenProject;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.jspecify.annotations.Nullable;

/**
 * What all goals share: {@code barman.skip}, an orderly end when Maven is interrupted, and the one mapping of errors.
 *
 * <p>A broken run is a {@link MojoExecutionException}, a bad outcome a {@link MojoFailureException}; the message is the error's
 * code, problem and hint.
 */
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
abstract class BarmanMojo extends AbstractMojo {
  /** {@code true} skips the goal. */
  @Parameter(property = "barman.skip", defaultValue = "false")
  private String skip;

  @Parameter(defaultValue = "${session}", readonly = true, required = true)
  private MavenSession session;

  @Parameter(defaultValue = "${project}", readonly = true, required = true)
  private MavenProject project;

  @Parameter(defaultValue = "${mojoExecution}", readonly = true, required = true)
  private MojoExecution execution;

  @Inject
  private SettingsDecrypter decrypter;

  /** The goal's work. A bad outcome is thrown as {@link BadOutcomeException}, every other failure as another exception. */
  abstract void run();

  /** Called with every error before it is handed to Maven. */
  void failed(BarmanException error) {}

  @Override
  public final void execute() throws MojoExecutionException, MojoFailureException {
    try (Interruption interruption = Interruption.guarding(Thread.currentThread())) {
      if (isSkipped()) {
        getLog().info("barman:" + execution.getGoal() + " is skipped: barman.skip is true");
        return;
      }
      KnownProperties.check(
          execution.getMojoDescriptor().getPluginDescriptor(), session.getUserProperties());
      run();
    } catch (BadOutcomeException e) {
      failed(e);
      throw new MojoFailureException(e.getMessage(), e);
    } catch (BarmanException e) {
      BarmanException told = orInterrupted(e);
      failed(told);
      throw new MojoExecutionException(told.getMessage(), told);
    } catch (RuntimeException e) {
      BarmanException defect = orInterrupted(new BarmanException(
          ErrorCode.INTERNAL,
          "unexpected " + e.getClass().getSimpleName() + ": " + e.getMessage(),
          "this is a defect of the plugin; run again with -e and report what it prints",
          e));
      failed(defect);
      throw new MojoExecutionException(defect.getMessage(), defect);
    }
  }

  /** Work that ends early is told as that, whichever file it was that could no longer be read. */
  private BarmanException orInterrupted(BarmanException e) {
    return e.code() != ErrorCode.INTERRUPTED && InterruptedWork.isCauseOf(e)
        ? InterruptedWork.in("barman:" + execution.getGoal(), e)
        : e;
  }

  final boolean isSkipped() {
    return ParameterValue.flag("barman.skip", skip);
  }

  /** The command that runs this goal of this release, wherever it is called. */
  final String command() {
    PluginDescriptor plugin = execution.getMojoDescriptor().getPluginDescriptor();
    return "mvn " + plugin.getId() + ":" + execution.getGoal();
  }

  final MavenSession session() {
    return session;
  }

  final MavenProject project() {
    return project;
  }

  final Lookup lookup() {
    return Lookup.of(session, project);
  }

  final Credentials credentials(@Nullable String user, @Nullable String serverId) {
    SecretsInPom.refuse(project, execution.getPlugin());
    return Credentials.find(user, serverId, lookup(), session.getSettings(), decrypter);
  }

  /** The passphrase of the repository, if one is given. */
  final Optional<Secret> passphrase(@Nullable String serverId) {
    SecretsInPom.refuse(project, execution.getPlugin());
    return Passphrases.current(
        lookup(),
        serverId == null ? null : SettingsServer.find(serverId, session.getSettings(), decrypter));
  }

  /** A parameter that may be anything but empty. */
  static @Nullable String text(String name, @Nullable String text) {
    return ParameterValue.of(name, text).map(ParameterValue::text).orElse(null);
  }

  /** A parameter that has a default, so it is there. */
  static ParameterValue value(String name, String text) {
    return ParameterValue.of(name, text).orElseThrow();
  }

  /** Where relative paths begin: the project's directory, without a POM the current one. */
  final Path baseDirectory() {
    return project.getBasedir() == null ? executionRoot() : project.getBasedir().toPath();
  }

  final Path executionRoot() {
    return Path.of(session.getExecutionRootDirectory());
  }
}
