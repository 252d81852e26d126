package io.github.barman4j.maven;

import io.github.barman4j.BarmanException;
import io.github.barman4j.ErrorCode;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;

/** A {@code <server>} of settings.xml, decrypted. */
final class SettingsServer {
  private SettingsServer() {}

  /** @throws BarmanException when the server is not in settings.xml, or cannot be decrypted */
  static Server find(String serverId, Settings settings, SettingsDecrypter decrypter) {
    Server server = settings.getServer(serverId);
    if (server == null) {
      throw new BarmanException(
          ErrorCode.INVALID_CONFIGURATION,
          "settings.xml has no server '" + serverId + "', which barman.serverId names",
          "add <server><id>" + serverId
              + "</id><username>…</username><password>…</password></server> to settings.xml");
    }
    // A result with problems still carries a password: the encrypted text.
    SettingsDecryptionResult result =
        decrypter.decrypt(new DefaultSettingsDecryptionRequest(server));
    for (SettingsProblem problem : result.getProblems()) {
      if (problem.getSeverity() != SettingsProblem.Severity.WARNING) {
        throw new BarmanException(
            ErrorCode.SECRET_UNREADABLE,
            "the password of server '" + serverId + "' in settings.xml cannot be decrypted",
            "encrypt it again with mvn --encrypt-password, and look whether settings-security.xml has its master password");
      }
    }
    return result.getServer();
  }
}
