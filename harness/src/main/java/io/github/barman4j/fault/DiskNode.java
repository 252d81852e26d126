package io.github.barman4j.fault;

/** A file or a directory of a disk, whatever names lead to it. */
sealed interface DiskNode permits DiskFolder, DiskFile {}
