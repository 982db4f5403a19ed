import { fileURLToPath } from 'node:url';
import { pythonWithPeers } from '../../test/peers/install.js';
import { newPlace, pvapyClientOf, serverAt } from '../../test/peers/network.js';
import { Peer } from '../../test/peers/peer.js';
import type { Sink, SinkKind, Source } from '../ends.js';
import { queueFor } from '../queue.js';
import type { Size } from '../sizes.js';

const processor = fileURLToPath(new URL('../python/count.py', import.meta.url));

/** pvaPy's consumer with a processor that only counts, and more options of its own. */
export async function startPvapySink(
  { place, channel }: Source,
  size: Size,
  options: readonly string[] = [],
): Promise<Sink> {
  const peer = await Peer.start({
    name: 'pvaPy consumer',
    command: pythonWithPeers(),
    args: [
      ...['-c', 'from pvapy.cli.hpcConsumer import main; main()'],
      ...['--input-channel', channel, '--processor-file', processor, '--processor-class', 'Count'],
      ...['--server-queue-size', `${queueFor(size)}`, '--report-period', '0', '--disable-curses', ...options],
    ],
    env: { ...pvapyClientOf(place), ...serverAt(await newPlace()) },
    ready: /^\{"received":1,/,
  });
  return { peer };
}

/** The same as it is. Frames are processed as they arrive, which is its fastest way. */
export const pvapySink: SinkKind = { name: 'pvaPy consumer', start: (source, size) => startPvapySink(source, size) };
