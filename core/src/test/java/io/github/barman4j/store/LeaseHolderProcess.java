package io.github.barman4j.store;

import java.nio.file.Path;

/** A process of its own that takes a lease and keeps it until it is killed or its input ends. */
final class LeaseHolderProcess {
  private LeaseHolderProcess() {}

  public static void main(String[] arguments) throws Exception {
    ObjectStore store = LocalObjectStore.at(Path.of(arguments[0]));
    boolean taken = store.tryLease(arguments[1], arguments[2]).isPresent();
    System.out.println(taken ? "taken" : "refused");
    System.in.read();
  }
}
