/** One of four consumers of one command, which share a stream, is killed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { CombinedReport } from '../../src/hpc/consumers/combined-report.js';
import { newPlace } from '../peers/network.js';
import { startPvaflow, stopSimulator } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';

const peers = usePeers();
const folder = mkdtempSync(join(tmpdir(), 'pvaflow-'));
const reportFile = join(folder, 'report.json');
afterAll(() => rmSync(folder, { recursive: true }));

it('is started again, the others go on, and every frame is accounted for', async () => {
  const place = await newPlace();
  const ids = [1, 2, 3, 4];
  const frames = ['-nx', '16', '-ny', '16', '-fps', '300', '-rt', '3600', '--await-subscribers', '4'];
  const simulator = await startPvaflow(peers, ['sim-server', '-cn', 'x', ...frames, '-dc'], {
    at: place,
    ready: /^serving/,
  });
  const options = ['-nc', '4', '-ic', 'x', '-dg', 'g', '-du', '4', '--report-file', reportFile];
  const { peer } = await startPvaflow(peers, ['consumer', ...options, '-dc'], { sources: [place] });
  const pids = await Promise.all(
    ids.map(
      async (id) => /in process (\d+)$/.exec(await peer.line(new RegExp(`consumer ${id} of x started`), 100_000))?.[1],
    ),
  );
  await Promise.all(ids.map((id) => peer.line(new RegExp(`consumer-${id}\\): x: connected`), 100_000)));

  const again = peer.nextLine(/consumer-2\): x: connected/, 100_000);
  process.kill(Number(pids[1]), 'SIGKILL');
  await peer.line(/ERROR \(supervisor\): consumer-2 ended \(SIGKILL\); it is started again in 0\.5 s \(1\)/);
  await again;
  for (let second = 0; second < 2; second++) await simulator.peer.nextLine(/^published/); // it gets its share meanwhile
  const published = await stopSimulator(simulator.peer);
  await Promise.all(ids.map((id) => peer.line(new RegExp(`consumer-${id}\\): x: its server went away`), 100_000)));
  peer.kill('SIGTERM');
  expect(await peer.exited).toEqual({ code: 0, signal: null });

  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as CombinedReport;
  expect(report.consumers.map(({ nRestarts, lastExit }) => [nRestarts, lastExit])).toEqual([
    [0, ''],
    [1, 'SIGKILL'],
    [0, ''],
    [0, ''],
  ]);
  const { expected, received, missed, notFetched } = report;
  expect(report.lastId).toBe(published);
  expect(expected).toBe(received + missed.count);
  expect(expected + (notFetched?.count ?? 0)).toBe(published - (report.firstId ?? 0) + 1);
  for (const { received: share } of report.consumers) expect(share).toBeGreaterThan(0);
}, 240_000); // the first test with the executable compiles it
