import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../../test/peers/install.js';
import { newPlace, serverAt } from '../../test/peers/network.js';
import { Peer } from '../../test/peers/peer.js';
import type { Sink, SinkKind, Source } from '../ends.js';
import { queueFor } from '../queue.js';
import type { Size } from '../sizes.js';

const processor = fileURLToPath(new URL('../processors/count.ts', import.meta.url));

/** Our consumer with a processor that only counts, and more options of its own. */
export async function startOurSink({ channel, reach }: Source, options: readonly string[]): Promise<Sink> {
  const peer = await Peer.start({
    name: 'our consumer',
    command: process.execPath,
    args: [
      ...[join(projectRoot, 'bin', 'pvaflow.js'), 'consumer', '--input-channel', channel],
      ...['--processor-file', processor, '--report-period', '0', '--disable-curses', ...options],
    ],
    env: { ...reach, ...serverAt(await newPlace()) },
    ready: /^\{"received":1,/,
  });
  return { peer };
}

/** Our consumer with a processor that only counts, and the queue that all sinks of the bench get. */
export const ourSink: SinkKind = {
  name: 'our consumer',
  start: (source, size: Size) => startOurSink(source, ['--server-queue-size', `${queueFor(size)}`]),
};

/** Our consumer as it is without options: for the memory that a user will see. */
export const plainSink: SinkKind = { name: 'our consumer', start: (source) => startOurSink(source, []) };
