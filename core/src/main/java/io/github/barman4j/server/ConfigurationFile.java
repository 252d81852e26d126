package io.github.barman4j.server;

/**
 * The text of one of the server's configuration files.
 *
 * @param name what it is called in a backup: {@code postgresql.conf}, {@code pg_hba.conf}, {@code pg_ident.conf}; an included file by
 *     its path relative to the file that includes it, or below {@code outside/} by its whole path
 * @param path where the server has it
 * @param insideDataDirectory whether a base backup has it anyway; false too when the data directory is not known
 */
public record ConfigurationFile(
    String name, String path, boolean insideDataDirectory, byte[] content) {}
