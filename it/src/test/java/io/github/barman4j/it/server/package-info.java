/** Live servers: their facts, their configuration, and their files as a base backup has them. */
@NullMarked
package io.github.barman4j.it.server;

import org.jspecify.annotations.NullMarked;
