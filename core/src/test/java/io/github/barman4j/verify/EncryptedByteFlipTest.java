package io.github.barman4j.verify;

import io.github.barman4j.repository.Encrypted;
import io.github.barman4j.repository.KeyRing;

/** The same harm to an encrypted repository; of its bytes every fifth is flipped. */
class EncryptedByteFlipTest extends ByteFlipTest {
  @Override
  KeyRing keys() {
    return KeyRing.of(Encrypted.PASSPHRASE);
  }

  @Override
  int step() {
    return 5;
  }
}
