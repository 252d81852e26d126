package io.github.barman4j.it.protocol;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** An authority that signs servers' certificates, made with the JDK's keytool alone. */
final class SelfMadeAuthority {
  private static final String PASSWORD = "changeit";

  private final Path folder;
  private final Path authority;
  private final Path certificate;

  /** @param folder empty, and this object's own */
  SelfMadeAuthority(Path folder) throws IOException, GeneralSecurityException {
    this.folder = folder;
    this.authority = folder.resolve("authority.p12");
    this.certificate = folder.resolve("root.crt");
    generate(authority, "ca", "CN=Authority", List.of("-ext", "bc:c"));
    Files.writeString(
        certificate, pem("CERTIFICATE", open(authority).getCertificate("ca").getEncoded()));
  }

  /** What clients trust. */
  Path certificate() {
    return certificate;
  }

  /** Writes server.crt and server.key for a server of these names into its data directory. */
  void equip(Path dataDirectory, String... names) throws IOException, GeneralSecurityException {
    List<String> san = new ArrayList<>();
    for (String name : names) {
      san.add((name.matches("[0-9.]+") ? "ip:" : "dns:") + name);
    }
    Path store = folder.resolve("server-" + String.join("-", names) + ".p12");
    generate(store, "server", "CN=" + names[0], List.of());
    byte[] request =
        keytool(new byte[0], "-certreq", "-keystore", store.toString(), "-alias", "server");
    byte[] signed = keytool(
        request,
        "-gencert",
        "-keystore",
        authority.toString(),
        "-alias",
        "ca",
        "-ext",
        "san=" + String.join(",", san),
        "-rfc");
    Key key = open(store).getKey("server", PASSWORD.toCharArray());
    write(dataDirectory, "server.crt", new String(signed, StandardCharsets.US_ASCII));
    write(dataDirectory, "server.key", pem("PRIVATE KEY", key.getEncoded()));
  }

  private static void write(Path dataDirectory, String name, String text) throws IOException {
    Path file = dataDirectory.resolve(name);
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    Files.setOwner(file, Files.getOwner(dataDirectory));
  }

  private static void generate(Path store, String alias, String name, List<String> more)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(
        "-genkeypair",
        "-keystore",
        store.toString(),
        "-alias",
        alias,
        "-dname",
        name,
        "-keyalg",
        "EC",
        "-groupname",
        "secp256r1",
        "-validity",
        "2"));
    command.addAll(more);
    keytool(new byte[0], command.toArray(String[]::new));
  }

  private static byte[] keytool(byte[] input, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storepass", PASSWORD));
    Process process = new ProcessBuilder(command)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
    try (var in = process.getOutputStream()) {
      new ByteArrayInputStream(input).transferTo(in);
    }
    byte[] output = process.getInputStream().readAllBytes();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(
            "keytool " + arguments[0] + ": " + new String(output, StandardCharsets.UTF_8));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return output;
  }

  private static KeyStore open(Path store) throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return keys;
  }

  private static String pem(String kind, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
  }
}
