package io.github.barman4j.retention;

import io.github.barman4j.repository.Repository;
import io.github.barman4j.repository.RepositoryLock;
import io.github.barman4j.store.LocalObjectStore;
import java.nio.file.Path;

/** A process of its own that reads a backup until it is killed or its input ends. */
final class ReaderProcess {
  private ReaderProcess() {}

  public static void main(String[] arguments) throws Exception {
    RepositoryLock use = Repository.open(LocalObjectStore.at(Path.of(arguments[0])))
        .server("main")
        .use(arguments[1]);
    System.out.println("reading");
    System.in.read();
    use.close();
  }
}
