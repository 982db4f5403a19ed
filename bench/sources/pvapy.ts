import { fileURLToPath } from 'node:url';
import { pythonWithPeers } from '../../test/peers/install.js';
import { clientOf, newPlace, serverAt } from '../../test/peers/network.js';
import { Peer } from '../../test/peers/peer.js';
import type { Source, SourceKind } from '../ends.js';
import type { Size } from '../sizes.js';

const script = fileURLToPath(new URL('../python/simulator.py', import.meta.url));

/** pvaPy's simulator, with more arguments for its script. */
export async function startPvapySource(size: Size, options: readonly string[] = []): Promise<Source> {
  const place = await newPlace();
  const channel = 'bench:image';
  const peer = await Peer.start({
    name: 'pvaPy simulator',
    command: pythonWithPeers(),
    args: [script, channel, `${size.side}`, size.dtype, ...options],
    env: serverAt(place),
    ready: /ready/, // its own threads may write into the line
  });
  return { peer, place, channel, reach: clientOf(place), setRate: (rate) => peer.write(`${rate}`) };
}

/** pvaPy's simulator. It never waits: what its clients cannot take it drops. */
export const pvapySource: SourceKind = {
  name: 'pvaPy simulator',
  start: (size) => startPvapySource(size),
};
