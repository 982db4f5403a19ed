/** One of four consumers of one command, which share a stream, is killed and not started again. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import type { CombinedReport } from '../../src/hpc/consumers/combined-report.js';
import type { Losses } from '../../src/hpc/loss-report.js';
import { newPlace } from '../peers/network.js';
import { startPvaflow, stopSimulator } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { until } from '../pva/serving.js';

const peers = usePeers();
const folder = mkdtempSync(join(tmpdir(), 'pvaflow-'));
afterAll(() => rmSync(folder, { recursive: true }));
const idFile = fileURLToPath(new URL('fixtures/id-file.ts', import.meta.url));
const [ids, reportFile] = [join(folder, 'ids'), join(folder, 'report.json')];

const processed = () =>
  new Set(existsSync(ids) ? readFileSync(ids, 'utf8').split('\n').filter(Boolean).map(Number) : []);

/** The ids of losses, each of them. */
function listed(losses: Losses | undefined): number[] {
  return (losses?.ids ?? []).flatMap(({ first, last, step }) =>
    Array.from({ length: (last - first) / step + 1 }, (_, at) => first + at * step),
  );
}

it('leaves its share to the others, and the report names every frame that nobody has processed', async () => {
  const at = await newPlace();
  const frames = ['-nx', '16', '-ny', '16', '-fps', '400', '-rt', '3600', '--await-subscribers', '4'];
  const simulator = await startPvaflow(peers, ['sim-server', '-cn', 'x', ...frames, '-dc'], { at, ready: /^serving/ });
  const processor = ['-pf', idFile, '-pa', JSON.stringify({ file: ids })];
  const options = ['-nc', '4', '-ic', 'x', '-dg', 'g', '-du', '1', '--max-restarts', '0', '--report-file', reportFile];
  const { peer } = await startPvaflow(peers, ['consumer', ...options, ...processor, '-dc'], { sources: [at] });
  const pid = /in process (\d+)$/.exec(await peer.line(/consumer 3 of x started/, 100_000))?.[1];
  await until(() => processed().size > 200);
  process.kill(Number(pid), 'SIGKILL');
  await peer.line(/consumer-3 ended \(SIGKILL\); it is given up/);
  for (let second = 0; second < 3; second++) await simulator.peer.nextLine(/^published/); // the others go on meanwhile
  const published = await stopSimulator(simulator.peer);
  for (const id of [1, 2, 4]) await peer.line(new RegExp(`consumer-${id}\\): x: its server went away`), 100_000);
  peer.kill('SIGTERM');
  expect(await peer.exited).toEqual({ code: 1, signal: null });

  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as CombinedReport;
  const seen = processed();
  const lost = Array.from({ length: published }, (_, at) => at + 1).filter((id) => !seen.has(id));
  const told = [...listed(report.missed), ...listed(report.notFetched)];
  expect(told).toEqual(expect.arrayContaining(lost));
  expect(Math.max(0, ...told)).toBeLessThan(published - 100); // the others have had all since
  expect(report.expected).toBe(report.received + report.missed.count);
}, 240_000);
