package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import io.github.barman4j.EventSink;
import io.github.barman4j.Secret;
import io.github.barman4j.engine.Engine;
import io.github.barman4j.engine.EngineConfiguration;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/**
 * Replaces the passphrase of an encrypted repository. No backup is written anew: the passphrase locks a key, and only the lock changes.
 *
 * <p>The old one is found as for every goal, the new one in the property <code>barman.newEncryptionPassphrase</code> or the environment's
 * <code>BARMAN_NEW_PASSPHRASE</code>; neither is a parameter, because Maven prints parameters with <code>-X</code>.
 */
@Mojo(name = "change-passphrase", requiresProject = false, threadSafe = true, aggregator = true)
@SuppressWarnings("NullAway.Init") // Maven sets the fields.
public final class ChangePassphraseMojo extends RepositoryMojo {
  /** <code>true</code> makes sure that the old passphrase opens the repository, and changes nothing. */
  @Parameter(property = "barman.dryRun", defaultValue = "false")
  private String dryRun;

  @Override
  void run() {
    EngineConfiguration configuration = configuration(null);
    if (configuration.passphrase() == null) {
      throw new BarmanException(
          ErrorCode.ENCRYPTION_KEY_MISSING,
          "the passphrase of the repository " + configuration.repository()
              + " shall be changed, and the one that it has is not given",
          "set BARMAN_PASSPHRASE in the environment, or barman.encryptionPassphrase");
    }
    Secret next = Passphrases.next(lookup())
        .orElseThrow(() -> new BarmanException(
            ErrorCode.INVALID_CONFIGURATION,
            "no new passphrase is given",
            "set BARMAN_NEW_PASSPHRASE in the environment, or barman.newEncryptionPassphrase"));
    Engine engine = Engine.open(configuration, EventSink.NONE);
    if (ParameterValue.flag("barman.dryRun", dryRun)) {
      engine.backups();
      getLog().info("would change the passphrase of the repository " + configuration.repository());
      return;
    }
    engine.changePassphrase(next);
    getLog()
        .info("the passphrase of the repository " + configuration.repository()
            + " is changed; the old one opens it no more");
  }
}
