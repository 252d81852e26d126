/**
 * Bytes to bytes: how blocks and objects are compressed, and later encrypted.
 *
 * <p>{@link io.github.barman4j.codec.Compression} is the choice, {@link io.github.barman4j.codec.Codec} carries it out. Hashes of plain
 * bytes are {@link io.github.barman4j.BlockHash}. Imports {@code io.github.barman4j}, the JDK and zstd-jni only; opens nothing and waits
 * for nothing.
 *
 * <p>Promises: every codec decompresses what any compresses, by the id that is stored beside the bytes; decompressing hostile bytes ends
 * in the announced number of bytes or in an {@link io.github.barman4j.IntegrityException}.
 */
@NullMarked
package io.github.barman4j.codec;

import org.jspecify.annotations.NullMarked;
