import { afterAll, afterEach } from 'vitest';
import { Peer, type PeerOptions } from './peer.js';

/** Starts peers for the tests of one file; all end with it. A failing test shows what they wrote. */
export interface Peers {
  start(options: PeerOptions): Promise<Peer>;
}

/** Call it at the top of a test file or of a `describe`. */
export function usePeers(): Peers {
  const peers: Peer[] = [];
  afterEach((context) => {
    if (context.task.result?.state !== 'fail') return;
    for (const peer of peers) console.error(peer.log());
  });
  afterAll(async () => {
    await Promise.all(peers.map((peer) => peer.stop()));
  });
  return {
    async start(options) {
      const peer = await Peer.start(options);
      peers.push(peer);
      return peer;
    },
  };
}
