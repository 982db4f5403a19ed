import { fileURLToPath } from 'node:url';
import { Peer } from '../../test/peers/peer.js';
import type { SinkKind } from '../ends.js';
import { queueFor } from '../queue.js';

const program = fileURLToPath(new URL('../programs/receive.ts', import.meta.url));

/** A program on PvaClient: what the library does without the consumer around it. */
export const librarySink: SinkKind = {
  name: 'our client',
  async start({ channel, reach }, size) {
    const args = ['--import', 'tsx', program, channel, `${queueFor(size)}`];
    const options = { name: this.name, command: process.execPath, args, env: reach, ready: /^\{"received":1,/ };
    return { peer: await Peer.start(options) };
  },
};
