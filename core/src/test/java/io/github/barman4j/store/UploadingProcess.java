package io.github.barman4j.store;

import java.nio.file.Path;

/** A process of its own that is in the middle of an upload until it is killed or its input ends. */
final class UploadingProcess {
  private UploadingProcess() {}

  public static void main(String[] arguments) throws Exception {
    ObjectStore store = LocalObjectStore.at(Path.of(arguments[0]));
    try (Upload upload = store.upload(arguments[1])) {
      upload.out().write(1);
      System.out.println("uploading");
      System.in.read();
    }
  }
}
