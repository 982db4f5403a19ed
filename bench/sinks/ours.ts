import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../../test/peers/install.js';
import { newPlace, serverAt, type Environment } from '../../test/peers/network.js';
import { Peer } from '../../test/peers/peer.js';
import type { Sink, SinkKind, Source } from '../ends.js';
import { queueFor } from '../queue.js';
import type { Size } from '../sizes.js';

const processorOf = (name: string) => fileURLToPath(new URL(`../processors/${name}.ts`, import.meta.url));

/** Our consumer with a processor that counts, and more options of its own. */
export async function startOurSink(
  { channel, reach }: Source,
  options: readonly string[],
  processor = 'count',
  env: Environment = {},
): Promise<Sink> {
  const peer = await Peer.start({
    name: 'our consumer',
    command: process.execPath,
    args: [
      ...[join(projectRoot, 'bin', 'pvaflow.js'), 'consumer', '--input-channel', channel],
      ...['--processor-file', processorOf(processor), '--report-period', '0', '--disable-curses', ...options],
    ],
    env: { ...reach, ...serverAt(await newPlace()), ...env },
    ready: /^\{"received":\d+,/,
  });
  return { peer };
}

/** Our consumer with a processor that only counts, and the queue that all sinks of the bench get. */
export const ourSink: SinkKind = {
  name: 'our consumer',
  start: (source, size: Size) => startOurSink(source, ['--server-queue-size', `${queueFor(size)}`]),
};

/** The same on another machine, as far as its frames are concerned: none goes through memory that it shares with its source. */
export const connectedSink: SinkKind = {
  name: 'our consumer, by TCP',
  start: (source, size: Size) =>
    startOurSink(source, ['--server-queue-size', `${queueFor(size)}`], 'count', {
      PVAFLOW_TRANSPORT: 'writes,chunks,heap,reads,references',
    }),
};

/** Our consumer as it is without options: for the memory that a user will see. */
export const plainSink: SinkKind = { name: 'our consumer', start: (source) => startOurSink(source, []) };
