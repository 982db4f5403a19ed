/** The clock of the machine is set forward and back by hours while consumers run: only times may show it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import ndarray from 'ndarray';
import { generateNtNdArray2D, NtNdArray, NtScalar, PvaClient, PvTimeStamp, type PvObject } from 'pvaflow';
import type { CombinedReport } from '../../src/hpc/consumers/combined-report.js';
import { nextValue } from '../hpc/stream.js';
import { projectRoot } from '../peers/install.js';
import { clientOf, newPlace, serverAt } from '../peers/network.js';
import { compile, ourClientOf, ourServerAt } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { subscribed, useServers } from '../pva/serving.js';
import { compileFault } from './disk-fault.js';

const peers = usePeers();
const newServer = useServers();
const folder = mkdtempSync(join(tmpdir(), 'pvaflow-clock-'));
afterAll(() => rmSync(folder, { recursive: true }));

const HOUR_S = 3600;
const [library, clock, reportFile] = ['clock.so', 'clock', 'report.json'].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];

/** Sets the clock of the consumers, by so many seconds from what it is. */
function setClock(seconds: number): void {
  writeFileSync(clock, new BigInt64Array([BigInt(seconds)]), { flag: 'r+' }); // it is mapped: not another file
}

/** A server of images, and of a value for each of their times. */
async function detector(place: Awaited<ReturnType<typeof newPlace>>) {
  const server = newServer(ourServerAt(place));
  const images = server.addChannel('x', new NtNdArray());
  const values = server.addChannel('m', NtScalar.type('double'));
  await subscribed(values, 2);
  await subscribed(images, 2);
  const image = ndarray(new Uint8Array(64), [8, 8]);
  const post = async (first: number, last: number) => {
    for (let id = first; id <= last; id++) {
      const time = new PvTimeStamp(1_800_000_000n + BigInt(id), 0);
      await values.post({ value: id, timeStamp: time });
      await images.post(generateNtNdArray2D(id, image).set('timeStamp', time));
    }
  };
  return { server, post };
}

it('loses nothing, waits no hour, and tells the right rates', async () => {
  compileFault(library, 'clock-jump.cpp');
  compile();
  writeFileSync(clock, new BigInt64Array(1));
  const [source, at] = [await newPlace(), await newPlace()];
  const startedAt = performance.now();
  const consumers = await peers.start({
    name: 'pvaflow consumer',
    command: process.execPath,
    args: [
      join(projectRoot, 'bin', 'pvaflow.js'),
      ...['consumer', '-nc', '2', '-ic', 'x', '-oc', 'out:*', '-sc', 'status:*', '--status-period', '0.1', '-dc'],
      ...['-pc', 'MetadataJoin', '-pa', '{"unmatched": "fail", "maxWait": 100}', '-mc', 'pva://m'],
      ...['--stall-timeout', '100', '--report-file', reportFile],
    ],
    env: { ...clientOf(source), ...serverAt(at), LD_PRELOAD: library, CLOCK_JUMP: clock },
  });
  const first = await detector(source);
  using client = new PvaClient(ourClientOf(at));
  const statuses = [1, 2].map((id) => client.monitor(`status:${id}`, { queue: { onFull: 'dropOldest' } }));
  /** Posts images, and waits until both consumers have processed them all; gives what they tell then. */
  const run = async (post: typeof first.post, from: number, to: number): Promise<PvObject[]> => {
    await post(from, to);
    const has = (status: PvObject) => Number(status.get('frameStats.nProcessed')) === to;
    return Promise.all(statuses.map((status) => nextValue(status, has)));
  };

  await run(first.post, 1, 20);
  setClock(HOUR_S);
  await run(first.post, 21, 40);
  setClock(-HOUR_S);
  await run(first.post, 41, 60);
  first.server.close();
  for (const id of [1, 2]) await consumers.line(new RegExp(`consumer-${id}\\): x: its server went away`));
  setClock(-3 * HOUR_S);
  const second = await detector(source);
  setClock(HOUR_S);
  for (const status of await run(second.post, 61, 80)) {
    const seconds = (performance.now() - startedAt) / 1000;
    expect(status.get('processorStats.runtime')).toBeLessThan(seconds);
    expect(status.get('processorStats.receivingTime')).toBeLessThan(seconds);
    expect(status.get('processorStats.processedRate')).toBeGreaterThan(80 / seconds / 2);
  }
  setClock(-HOUR_S);
  consumers.kill('SIGTERM');
  expect(await consumers.exited).toEqual({ code: 0, signal: null });
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as CombinedReport;
  expect(report).toMatchObject({ received: 160, processed: 160, published: 160, missed: { count: 0 }, nRestarts: 0 });
  expect(report).toMatchObject({ failed: {}, rejected: {}, filtered: 0, notPublished: { count: 0 } });
  expect(Date.parse(report.endTime)).toBeLessThan(Date.now() - (HOUR_S * 1000) / 2); // as the clock was set
  expect(consumers.lines.join('\n')).not.toMatch(/ (WARNING|ERROR) .*(silent|stuck|sign of life)/);
  const ranMs = Date.parse(report.endTime) - Date.parse(report.startTime);
  expect(ranMs).toBeGreaterThan(0);
  expect(ranMs).toBeLessThan(performance.now() - startedAt);
}, 240_000);
