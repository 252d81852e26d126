package io.github.barman4j.store;

import java.nio.file.Path;

/** A process of its own that holds a share until it is killed or its input ends. */
final class ShareHolderProcess {
  private ShareHolderProcess() {}

  public static void main(String[] arguments) throws Exception {
    ObjectStore store = LocalObjectStore.at(Path.of(arguments[0]));
    Lease share = store.share(arguments[1], arguments[2]);
    System.out.println("taken");
    System.in.read();
    share.close();
  }
}
