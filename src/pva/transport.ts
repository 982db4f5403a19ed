import { native } from './native.js';

/**
 * What pvaflow does on Linux against the limits of PVXS' TCP transport (docs/decisions/0005-transport-remedies.md). The bytes on the
 * wire are the same with each on or off, but for `shared`. Elsewhere than on Linux all are off.
 */
export interface TransportSettings {
  /** As much in one write as the socket takes, instead of 16 KiB. For connections made after a change. */
  writes: boolean;
  /** Messages are built in pieces of 16 to 64 KiB, instead of 1 KiB. */
  chunks: boolean;
  /** The memory of frames is kept by the C library for the next ones. Stays once the first connection was made with it. */
  heap: boolean;
  /** Single reads of up to 1 MiB, and no wake-up for a sliver of a large message. For connections made after a change. */
  reads: boolean;
  /** Arrays of 64 KiB and more are sent from where they are, uncopied. */
  references: boolean;
  /**
   * Arrays of 64 KiB and more go through shared memory where both ends are on this machine, run by the same user, and know of it
   * (docs/decisions/0019-shared-memory-on-one-machine.md). For subscriptions made after a change.
   */
  shared: boolean;
}

/** What is in use in this process. At first all, or what the environment variable PVAFLOW_TRANSPORT names (`stock`: none). */
export function transportSettings(): TransportSettings {
  return native.transport.settings();
}

/** Turns some of them on or off, for the whole process. There should be no need but for measuring and for finding a fault. */
export function configureTransport(settings: Partial<TransportSettings>): void {
  native.transport.configure(settings);
}
