import { fileURLToPath } from 'node:url';
import { pythonWithPeers } from '../../test/peers/install.js';
import { clientOf, newPlace, serverAt } from '../../test/peers/network.js';
import { Peer } from '../../test/peers/peer.js';
import type { SourceKind } from '../ends.js';

const script = fileURLToPath(new URL('../python/simulator.py', import.meta.url));

/** pvaPy's simulator. It never waits: what its clients cannot take it drops. */
export const pvapySource: SourceKind = {
  name: 'pvaPy simulator',
  async start(size) {
    const place = await newPlace();
    const channel = 'bench:image';
    const peer = await Peer.start({
      name: this.name,
      command: pythonWithPeers(),
      args: [script, channel, `${size.side}`, size.dtype],
      env: serverAt(place),
      ready: /ready/, // its own threads may have written the beginning of the line
    });
    return { peer, place, channel, reach: clientOf(place), setRate: (rate) => peer.write(`${rate}`) };
  },
};
