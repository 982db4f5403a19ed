import { fileURLToPath } from 'node:url';
import { clientOf, newPlace, serverAt } from '../../test/peers/network.js';
import { Peer } from '../../test/peers/peer.js';
import type { SourceKind } from '../ends.js';

const program = fileURLToPath(new URL('../programs/send.ts', import.meta.url));

/** A program on PvaServer: what the library does without the simulator around it. */
export const librarySource: SourceKind = {
  name: 'our server',
  async start(size) {
    const place = await newPlace();
    const channel = 'bench:image';
    const args = ['--import', 'tsx', program, channel, `${size.side}`, size.dtype];
    const env = { ...serverAt(place), EPICS_PVA_ADDR_LIST: '' };
    const peer = await Peer.start({ name: this.name, command: process.execPath, args, env, ready: /^ready$/ });
    return { peer, place, channel, reach: clientOf(place) };
  },
};
