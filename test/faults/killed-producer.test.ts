/** One of the producers of a collector is killed, and comes back. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import type { FrameReport } from '../../src/hpc/loss-report.js';
import { newPlace, type Place } from '../peers/network.js';
import { startPvaflow } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';

const peers = usePeers();
const folder = mkdtempSync(join(tmpdir(), 'pvaflow-'));
afterAll(() => rmSync(folder, { recursive: true }));
const idFile = fileURLToPath(new URL('fixtures/id-file.ts', import.meta.url));
const [ids, reportFile] = [join(folder, 'ids'), join(folder, 'report.json')];

it('leaves the others going on, in order, and the gap is told', async () => {
  const detector = await newPlace();
  const image = ['-cn', 'x', '-nx', '16', '-ny', '16', '-fps', '300', '-rt', '3600', '-dc'];
  await startPvaflow(peers, ['sim-server', ...image], { at: detector, ready: /^serving/ });
  const places = [await newPlace(), await newPlace()] as [Place, Place];
  const producer = async (id: 1 | 2) => {
    const args = ['-id', `${id}`, '-ic', 'x', '-oc', 'p:*:output', '-dg', 'g', '-du', '1', '-oo', '2', '-dc'];
    const options = { sources: [detector], at: places[id - 1] as Place, ready: /x: connected/ };
    return (await startPvaflow(peers, ['consumer', ...args, '-pc', 'PassThrough'], options)).peer;
  };
  await producer(1);
  const second = await producer(2);
  const processor = ['-pf', idFile, '-pa', JSON.stringify({ file: ids })];
  const args = [
    '-pid',
    '1,2',
    '-ic',
    'p:*:output',
    '--report-file',
    reportFile,
    '-rp',
    '0.1',
    '-rs',
    'producer',
    '-dc',
  ];
  const { peer: collector } = await startPvaflow(peers, ['collector', ...args, ...processor], { sources: places });
  await collector.line(/producerStats_2 .*nReceived=[1-9]\d\d/, 100_000);
  second.kill('SIGKILL');
  await collector.line(/p:2:output: its server went away/);
  await producer(2);
  await collector.line(/p:2:output: connected again/, 100_000);
  await collector.nextLine(/producerStats_2/, 100_000);
  collector.kill('SIGINT');
  expect(await collector.exited).toEqual({ code: 0, signal: null });

  const seen = readFileSync(ids, 'utf8').split('\n').filter(Boolean).map(Number);
  expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as FrameReport;
  const { firstId, lastId, received, processed, missed, rejected } = report;
  // What waited in the second producer until the collector had found it again may be late.
  const refused = Object.values(rejected).reduce((sum, { count }) => sum + count, 0);
  expect(seen).toHaveLength(processed);
  expect(processed + refused).toBe(received);
  expect(received + missed.count).toBe((lastId ?? 0) - (firstId ?? 0) + 1);
}, 240_000);
