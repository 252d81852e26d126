/**
 * What is broken on purpose, as values, and where a fault meets the server; and a disk that fails on purpose.
 *
 * <p>A {@link io.github.barman4j.fault.Fault} says what happens; {@link io.github.barman4j.fault.FaultTarget} is who can make it happen.
 * A {@link io.github.barman4j.fault.Disk} is a file system that knows what would be left if its power went, that fills up, and that does
 * what a {@link io.github.barman4j.fault.DiskFault} says. A {@link io.github.barman4j.fault.Network} makes ways to a server that can be
 * broken: by a {@link io.github.barman4j.fault.ToxiproxyServer}, a program of this machine, or by a {@link
 * io.github.barman4j.fault.ToxiproxyInContainer} beside servers in containers. Imports {@code io.github.barman4j}. Promises: an {@link
 * io.github.barman4j.fault.Injection} tells the moment of the fault by the monotonic clock, taken just before the damage; a disk keeps
 * nothing that no force has asked it to keep.
 */
@NullMarked
package io.github.barman4j.fault;

import org.jspecify.annotations.NullMarked;
