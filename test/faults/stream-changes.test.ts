/** Sources that change what they send, or count and tell the time oddly: p4p in a process of its own, and our commands. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { LossReport } from '../../src/hpc/loss-report.js';
import { PvaClient } from '../../src/pva/client.js';
import { nextValue } from '../hpc/stream.js';
import { ourClientOf, startPvaflow } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { startP4pFrames } from '../peers/python.js';

const peers = usePeers();
const shapes = fileURLToPath(new URL('fixtures/shapes.ts', import.meta.url));
/** What is not compiled yet has to be, and several processes have to start. */
const TIMEOUT_MS = 180_000;
let folder: string;

beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'pvaflow-changes-'))));
afterAll(() => rmSync(folder, { recursive: true }));

/** A source, and a consumer of it whose queue in the server takes all that a test sends. */
async function consumed(file: string, ...args: string[]) {
  const source = await startP4pFrames(peers, 'odd:image');
  const report = join(folder, file);
  const consumer = await startPvaflow(
    peers,
    ['consumer', '-ic', 'odd:image', '-sqs', '100', '-dc', '--status-period', '0.1', '--report-file', report, ...args],
    { sources: [source.place], ready: /odd:image: connected/ },
  );
  const end = async (): Promise<LossReport> => {
    consumer.peer.kill('SIGINT');
    expect((await consumer.peer.exited).code).toBe(0);
    return JSON.parse(readFileSync(report, 'utf8')) as LossReport;
  };
  return { source, consumer, end };
}

it(
  'images of another type and shape are processed, and one that is no image fails alone',
  async () => {
    const { source, consumer, end } = await consumed('types.json', '-pf', shapes, '-oc', 'out:image');
    const said = (text: string) => consumer.peer.line(new RegExp(`^frame ${text}$`));
    await source.client.request('post', { ids: [1, 2], dtype: 'uint8', shape: [2, 3] });
    await said('2: Uint8Array 2x3 of 2');
    await source.client.request('post', { ids: [3], dtype: 'float64', shape: [5, 4] });
    await source.client.request('post', { ids: [4], dtype: 'int16', shape: [64, 64] });
    await source.client.request('post', { ids: [5], dtype: 'uint8', shape: [1, 1] });
    await said('3: Float64Array 5x4 of 3');
    await said('4: Int16Array 64x64 of 4');
    await said('5: Uint8Array 1x1 of 5');
    await source.client.request('retype', { number: 6 });
    await consumer.peer.line(/shapes failed on id \w+:/);
    const report = await end();
    expect(report).toMatchObject({ received: 6, processed: 5, published: 5, missed: { count: 0 }, rejected: {} });
    expect(Object.values(report.failed).map(({ count }) => count)).toEqual([1]);
  },
  TIMEOUT_MS,
);

it(
  'the viewer shows what comes, whatever came before',
  async () => {
    const source = await startP4pFrames(peers, 'odd:image');
    await source.client.request('post', { ids: [1], dtype: 'uint8', shape: [2, 3] });
    const { peer: viewer } = await startPvaflow(peers, ['view', '--plain', 'odd:image'], { sources: [source.place] });
    await viewer.line(/3×2 uint8/);
    await source.client.request('post', { ids: [2], dtype: 'float32', shape: [5, 4] });
    await viewer.line(/4×5 float32/);
    await source.client.request('retype', { number: 3 });
    await source.client.request('post', { ids: [4], dtype: 'uint16', shape: [7, 6] }).catch(() => undefined);
    expect(viewer.running).toBe(true);
    viewer.kill('SIGINT');
    expect((await viewer.exited).code).toBe(0);
  },
  TIMEOUT_MS,
);

it(
  'ids that wrap, repeat, come late, are missing and go back are told apart in the loss report',
  async () => {
    const { source, consumer, end } = await consumed('ids.json', '-pf', shapes);
    const [most, least] = [2 ** 31 - 1, -(2 ** 31)];
    const ids = [most - 1, most, least, least + 1, least + 1, least + 5, least + 3, least + 6];
    await source.client.request('post', { ids });
    await consumer.peer.line(new RegExp(`^frame ${least + 6}: `));
    await source.client.request('post', { ids: [least + 1, least + 2] });
    await consumer.peer.line(new RegExp(`^frame ${least + 2}: `));
    const report = await end();
    expect(report).toMatchObject({ received: ids.length + 2, processed: ids.length + 2, failed: {}, rejected: {} });
    expect(report).toMatchObject({ firstId: most - 1, lastId: least + 2, expected: ids.length + 4, overruns: 0 });
    expect(report).toMatchObject({ wrapped: 1, repeated: 1, late: 1, rewound: 1, restarted: 0 });
    expect(report.missed.ids.map(({ first, last }) => [first, last])).toEqual(
      [least + 2, least + 4].map((id) => [id, id]), // the first of them came in the new counting alone
    );
  },
  TIMEOUT_MS,
);

it(
  'times that jump, forth and back and before 1970, change nothing, and are handed on as they came',
  async () => {
    const seconds = [1000, 1001, 4_000_000_000, 1002, -5, 0, 1003];
    const { source, consumer, end } = await consumed('times.json', '-oc', 'out:image', '-pf', shapes);
    using client = new PvaClient(ourClientOf(consumer.place));
    const output = client.monitor('out:image');
    await nextValue(output, () => true); // the record with which it is opened: it is subscribed
    await source.client.request('post', { ids: seconds.map((_, at) => at + 1), seconds });
    for (const [at, second] of seconds.entries()) {
      const value = await nextValue(output, () => true);
      expect([value.get('uniqueId'), value.timeStamp.seconds]).toEqual([at + 1, second]);
    }
    expect(await end()).toMatchObject({ received: 7, processed: 7, published: 7, missed: { count: 0 }, failed: {} });
  },
  TIMEOUT_MS,
);
