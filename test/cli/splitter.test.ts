/** The commands sim-server, splitter and collector, each in a process of its own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FrameReport } from '../../src/hpc/loss-report.js';
import type { SplitterReport } from '../../src/hpc/splitter/splitter.js';
import { PvaClient } from '../../src/pva/client.js';
import type { NtNdArray } from '../../src/pva/normative/nt-nd-array.js';
import type { Subscription } from '../../src/pva/subscription.js';
import { nextValue } from '../hpc/stream.js';
import { ourClientOf, startPvaflow } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import type { PeerServer } from '../peers/python.js';

const FRAMES = 400;
/** What is not compiled yet has to be, and several processes have to start. */
const TIMEOUT_MS = 180_000;
const peers = usePeers();
const clients: PvaClient[] = [];
let folder: string;

beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'pvaflow-split-'))));
afterAll(() => {
  for (const client of clients) client.close();
  rmSync(folder, { recursive: true });
});

function monitor({ place }: PeerServer, channel: string): Subscription {
  const client = new PvaClient(ourClientOf(place));
  clients.push(client);
  return client.monitor(channel);
}

/** The frames up to the last one that the simulator sends, from the one with the id 1 on. */
async function allFrames(subscription: Subscription): Promise<NtNdArray[]> {
  const frames: NtNdArray[] = [];
  for await (const event of subscription) {
    if (event.type !== 'update') continue;
    const frame = event.value as NtNdArray;
    if (frame.uniqueId > 0) frames.push(frame);
    if (frame.uniqueId === FRAMES) break;
  }
  return frames;
}

/** A simulator that waits for somebody besides the splitter, a splitter, and a collector that is connected to its outputs. */
async function chain(name: string, outputs: number, split: string[], collect: string[]) {
  const image = ['-cn', 'sim:image', '-nx', '31', '-ny', '17', '-dt', 'uint16', '-fps', '0', '-dc'];
  const simulator = await startPvaflow(
    peers,
    ['sim-server', ...image, '--count', String(FRAMES), '--await-subscribers', '2', '-shd', '0'],
    { ready: /^serving/ },
  );
  const file = (command: string) => ['--fail-on-loss', '--report-file', join(folder, `${name}-${command}.json`)];
  const splitter = await startPvaflow(
    peers,
    ['splitter', '-ic', 'sim:image', '-oc', 'split:*:image', '-sc', '_', ...split, '-dc', ...file('splitter')],
    { sources: [simulator.place], ready: /sim:image: connected/ },
  );
  const ids = Array.from({ length: outputs }, (_, at) => at + 1);
  const collector = await startPvaflow(
    peers,
    ['collector', '-ic', 'split:*:image', '-pid', ids.join(), '-oc', 'all', ...collect, '-dc', ...file('collector')],
    { sources: [splitter.place], ready: /split:1:image: connected/ },
  );
  for (const id of ids) await collector.peer.line(new RegExp(`split:${id}:image: connected`));
  const collected = monitor(collector, 'all');
  await nextValue(collected, () => true); // the record with which it is opened: it is subscribed
  return { simulator, splitter, collector, collected };
}

/** Ends a command as Ctrl-C does; it must not have lost anything. */
async function end({ peer }: PeerServer): Promise<void> {
  peer.kill('SIGINT');
  expect(await peer.exited).toEqual({ code: 0, signal: null });
}

function report<R extends FrameReport>(name: string): R {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as R;
}

describe('a splitter between a simulator and a collector', () => {
  it(
    'takes turns, and the collector gives back every frame in order',
    async () => {
      const { simulator, splitter, collector, collected } = await chain(
        'turns',
        3,
        ['-no', '3', '-su', '4', '--metrics', '0'],
        ['--tiles', '1', '-pc', 'UserDataProcessor'],
      );
      const original = allFrames(monitor(simulator, 'sim:image'));
      const frames = await allFrames(collected);
      expect(frames.map(({ uniqueId }) => uniqueId)).toEqual(Array.from({ length: FRAMES }, (_, at) => at + 1));
      const source = (await original).at(-1);
      expect(frames.at(-1)?.data).toEqual(source?.data);
      expect(frames.at(-1)?.dimensions).toEqual(source?.dimensions);
      const [, address = ''] = /(http:\S+)\/metrics/.exec(await splitter.peer.line(/http:\S+\/metrics/)) ?? [];
      const metrics = await (await fetch(`${address}/metrics`)).text();
      expect(metrics).toContain('pvaflow_splitter_output_published_total{splitter="1",output="3"} 132');
      await end(splitter);
      await end(collector);
      const { outputs, ...account } = report<SplitterReport>('turns-splitter');
      expect(account).toMatchObject({ expected: FRAMES, processed: FRAMES, published: FRAMES, missed: { count: 0 } });
      expect(outputs.map(({ published, unheard }) => [published, unheard])).toEqual([
        [136, 0],
        [132, 0],
        [132, 0],
      ]);
      expect(splitter.peer.output).toContain('  split:1:image   published 136   dropped 0');
      expect(report('turns-collector')).toMatchObject({ received: FRAMES, missed: { count: 0 }, rejected: {} });
    },
    TIMEOUT_MS,
  );

  it(
    'cuts tiles, and StitchAdImageProcessor makes the same images of them',
    async () => {
      const { simulator, splitter, collector, collected } = await chain(
        'tiles',
        6,
        ['--tiles', '3x2'],
        ['--tiles', '6', '-pc', 'StitchAdImageProcessor'],
      );
      const original = allFrames(monitor(simulator, 'sim:image'));
      const stitched = await allFrames(collected);
      const sources = new Map((await original).map((frame) => [frame.uniqueId, frame]));
      expect(stitched).toHaveLength(FRAMES);
      expect(sources.size).toBe(FRAMES);
      for (const image of stitched) {
        const source = sources.get(image.uniqueId);
        expect(image.data).toEqual(source?.data);
        expect(image.dimensions).toEqual(source?.dimensions);
        expect(image.attributes.map(({ name, value }) => [name, value])).toEqual(
          source?.attributes.map(({ name, value }) => [name, value]),
        );
        expect(image.timeStamp).toEqual(source?.timeStamp);
      }
      await end(splitter);
      await end(collector);
      expect(report('tiles-splitter')).toMatchObject({ processed: FRAMES, published: FRAMES * 6 });
      expect(report('tiles-collector')).toMatchObject({ received: FRAMES * 6, missed: { count: 0 } });
    },
    TIMEOUT_MS,
  );
});
