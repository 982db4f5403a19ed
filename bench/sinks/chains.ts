import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot, pythonWithPeers } from '../../test/peers/install.js';
import { clientOf, newPlace, pvapyClientOf, serverAt, type Environment, type Place } from '../../test/peers/network.js';
import { Peer } from '../../test/peers/peer.js';
import type { Sink, SinkKind } from '../ends.js';
import { queueFor } from '../queue.js';

const script = (path: string) => fileURLToPath(new URL(path, import.meta.url));
export const countFile = script('../processors/count.ts');
const FIRST_COUNT = /^\{"received":1,/;

export const ourCommand = {
  name: 'our consumer',
  command: process.execPath,
  args: [join(projectRoot, 'bin', 'pvaflow.js'), 'consumer'],
};

/** Three processors, of which the last one counts, in one of our consumers. */
export const ourChainInOne: SinkKind = {
  name: 'our chain in one',
  async start({ channel, reach }, size) {
    const chain = ['-pc', 'PassThrough', '-pc', 'PassThrough', '-pf', countFile];
    const args = [...ourCommand.args, '-ic', channel, ...chain, '-sqs', `${queueFor(size)}`, '-dc'];
    const env = { ...reach, ...serverAt(await newPlace()) };
    return { peer: await Peer.start({ ...ourCommand, args, env, ready: FIRST_COUNT }) };
  },
};

/** A program that consumes one channel and, but for the last of a chain, publishes on another. */
interface Stage {
  readonly input: string;
  /** Absent for the last one, which counts. */
  readonly output: string | undefined;
  readonly queue: number;
  readonly env: Environment;
}

/** Three consumers, each of the output of the one before. */
async function threeOf(
  channel: string,
  source: { readonly env: Environment },
  reachOf: (place: Place) => Environment,
  queue: number,
  start: (stage: Stage) => Promise<Peer>,
): Promise<Sink> {
  const places = [await newPlace(), await newPlace(), await newPlace()] as const;
  const before: Peer[] = [];
  let [input, reach] = [channel, source.env];
  for (const [at, place] of places.entries()) {
    const output = at < 2 ? `bench:stage${at}` : undefined;
    const peer = await start({ input, output, queue, env: { ...reach, ...serverAt(place) } });
    if (output === undefined) return { peer, before: before.reverse() };
    before.push(peer);
    [input, reach] = [output, reachOf(place)];
  }
  throw new Error('a chain has a last one');
}

/** Three of our consumers. */
export const ourChainOfThree: SinkKind = {
  name: 'our three consumers',
  start: ({ channel, reach }, size) =>
    threeOf(channel, { env: reach }, clientOf, queueFor(size), ({ input, output, queue, env }) => {
      const role = output === undefined ? ['-pf', countFile] : ['-pc', 'PassThrough', '-oc', output];
      const args = [...ourCommand.args, '-ic', input, ...role, '-sqs', `${queue}`, '-dc'];
      return Peer.start({ ...ourCommand, args, env, ready: output === undefined ? FIRST_COUNT : /connected/ });
    }),
};

/** Three of pvaPy's consumers, which process frames as they arrive. */
export const pvapyChainOfThree: SinkKind = {
  name: "pvaPy's three consumers",
  start: ({ channel, place }, size) =>
    threeOf(channel, { env: pvapyClientOf(place) }, pvapyClientOf, queueFor(size), ({ input, output, queue, env }) => {
      const counting = ['--processor-file', script('../python/count.py'), '--processor-class', 'Count'];
      const passing = ['--processor-class', 'pvapy.hpc.userDataProcessor.UserDataProcessor'];
      const role = output === undefined ? counting : [...passing, '--output-channel', output];
      return Peer.start({
        name: 'pvaPy consumer',
        command: pythonWithPeers(),
        args: [
          ...['-c', 'from pvapy.cli.hpcConsumer import main; main()', '--input-channel', input, ...role],
          ...['--server-queue-size', `${queue}`, '--report-period', '0', '--disable-curses'],
        ],
        env,
        ...(output === undefined ? { ready: FIRST_COUNT } : {}), // the others say nothing
      });
    }),
};
