package io.github.barman4j.store;

class InMemoryObjectStoreTest extends ObjectStoreContract {
  @Override
  ObjectStore emptyStore() {
    return new InMemoryObjectStore();
  }
}
