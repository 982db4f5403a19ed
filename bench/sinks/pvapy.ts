import { fileURLToPath } from 'node:url';
import { pythonWithPeers } from '../../test/peers/install.js';
import { newPlace, pvapyClientOf, serverAt, type Environment } from '../../test/peers/network.js';
import { Peer } from '../../test/peers/peer.js';
import type { Sink, SinkKind, Source } from '../ends.js';
import { queueFor } from '../queue.js';
import type { Size } from '../sizes.js';

/** Named so: `count` is the class `Count` in python/count.py. */
type Processor = 'count' | 'join' | 'encrypt' | 'decrypt' | 'save' | 'write';
const fileOf = (name: Processor) => fileURLToPath(new URL(`../python/${name}.py`, import.meta.url));
const classOf = {
  count: 'Count',
  join: 'Join',
  encrypt: 'Encrypt',
  decrypt: 'Decrypt',
  save: 'Save',
  write: 'Write',
} as const;

/** pvaPy's consumer with a processor that counts, and more options of its own. */
export async function startPvapySink(
  { place, channel }: Source,
  size: Size,
  options: readonly string[] = [],
  processor: Processor = 'count',
  environment: Environment = {},
): Promise<Sink> {
  const peer = await Peer.start({
    name: 'pvaPy consumer',
    command: pythonWithPeers(),
    args: [
      ...['-c', 'from pvapy.cli.hpcConsumer import main; main()'],
      ...['--input-channel', channel, '--processor-file', fileOf(processor)],
      ...['--processor-class', classOf[processor]],
      ...['--server-queue-size', `${queueFor(size)}`, '--report-period', '0', '--disable-curses', ...options],
    ],
    env: { ...pvapyClientOf(place), ...serverAt(await newPlace()), ...environment },
    ready: /^\{"received":\d+,/,
  });
  return { peer };
}

/** The same as it is. Frames are processed as they arrive, which is its fastest way. */
export const pvapySink: SinkKind = { name: 'pvaPy consumer', start: (source, size) => startPvapySink(source, size) };
