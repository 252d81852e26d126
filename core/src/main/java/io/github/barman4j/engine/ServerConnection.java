package io.github.barman4j.engine;

import io.github.barman4j.Secret;
import org.jspecify.annotations.Nullable;

/**
 * How to reach the live server.
 *
 * @param url {@code jdbc:postgresql://host:port/database} with any pgjdbc option but those that the engine sets itself
 * @param user null leaves it to the URL
 * @param password null leaves it to the URL or to a pgpass file
 */
public record ServerConnection(
    String url, @Nullable String user, @Nullable Secret password) {}
