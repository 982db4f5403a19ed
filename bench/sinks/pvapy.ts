import { fileURLToPath } from 'node:url';
import { pythonWithPeers } from '../../test/peers/install.js';
import { newPlace, pvapyClientOf, serverAt } from '../../test/peers/network.js';
import { Peer } from '../../test/peers/peer.js';
import type { SinkKind } from '../ends.js';
import { queueFor } from '../queue.js';

const processor = fileURLToPath(new URL('../python/count.py', import.meta.url));

/** pvaPy's consumer with a processor that only counts. Frames are processed as they arrive, which is its fastest way. */
export const pvapySink: SinkKind = {
  name: 'pvaPy consumer',
  async start({ place, channel }, size) {
    const peer = await Peer.start({
      name: this.name,
      command: pythonWithPeers(),
      args: [
        ...['-c', 'from pvapy.cli.hpcConsumer import main; main()'],
        ...['--input-channel', channel, '--processor-file', processor, '--processor-class', 'Count'],
        ...['--server-queue-size', `${queueFor(size)}`, '--report-period', '0', '--disable-curses'],
      ],
      env: { ...pvapyClientOf(place), ...serverAt(await newPlace()) },
      ready: /^\{"received":1,/,
    });
    return { peer };
  },
};
