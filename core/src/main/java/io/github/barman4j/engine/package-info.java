/**
 * The engine's front: configuration, wiring, and the calls that front ends make.
 *
 * <p>A front end opens an {@link io.github.barman4j.engine.Engine} from an {@link
 * io.github.barman4j.engine.EngineConfiguration}, hands in requests, and gets values back; what happens in between comes as
 * {@link io.github.barman4j.Event}s. The engine owns the connections and threads of a call: when the call has returned,
 * nothing of it runs any more, but for a receiver that was started and not yet closed.
 *
 * <p>May import all of core. Configuration is refused, never repaired.
 */
@NullMarked
package io.github.barman4j.engine;

import org.jspecify.annotations.NullMarked;
