/**
 * Bytes to bytes: how blocks and objects are compressed and encrypted.
 *
 * <p>{@link io.github.barman4j.codec.Compression} is the choice, {@link io.github.barman4j.codec.Codec} carries it out. Hashes of plain
 * bytes are {@link io.github.barman4j.BlockHash}. {@link io.github.barman4j.codec.GcmKey} encrypts, with keys that {@link
 * io.github.barman4j.codec.KeyDerivation} derives from a random one and {@link io.github.barman4j.codec.Argon2} from a passphrase. Imports
 * {@code io.github.barman4j}, the JDK, zstd-jni and Bouncy Castle only; opens nothing and waits for nothing.
 *
 * <p>Promises: every codec decompresses what any compresses, by the id that is stored beside the bytes; decompressing hostile bytes ends
 * in the announced number of bytes or in an {@link io.github.barman4j.IntegrityException}.
 */
@NullMarked
package io.github.barman4j.codec;

import org.jspecify.annotations.NullMarked;
