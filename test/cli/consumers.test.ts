/** `pvaflow consumer` with several consumers, as real processes. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CombinedReport } from '../../src/hpc/consumers/combined-report.js';
import { projectRoot } from '../peers/install.js';
import { clientOf, newPlace, serverAt, type Environment, type Place } from '../peers/network.js';
import { Peer } from '../peers/peer.js';

const throws = fileURLToPath(new URL('../hpc/fixtures/throws.ts', import.meta.url));
const crashes = fileURLToPath(new URL('../hpc/fixtures/crashes.ts', import.meta.url));
let folder: string;
let source: Place;
let simulator: Peer;
let peers: Peer[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pvaflow-several-'));
  source = await newPlace();
  const options = ['-cn', 'sim:image', '-nx', '8', '-ny', '8', '-fps', '200', '-rt', '3600', '-dc'];
  simulator = await pvaflow(['sim-server', ...options], serverAt(source), /^serving sim:image/);
});
afterAll(async () => {
  await simulator.stop();
  rmSync(folder, { recursive: true });
});
afterEach(async (context) => {
  for (const peer of peers) {
    await peer.stop();
    if (context.task.result?.state === 'fail') console.error(peer.log());
  }
  peers = [];
});

function pvaflow(args: readonly string[], env: Environment, ready?: RegExp): Promise<Peer> {
  return Peer.start({
    name: `pvaflow ${args.join(' ')}`,
    command: process.execPath,
    args: ['--import', import.meta.resolve('tsx'), join(projectRoot, 'src', 'cli', 'main.ts'), ...args],
    cwd: folder,
    env,
    ownGroup: true,
    ...(ready === undefined ? {} : { ready }),
  });
}

/** Consumers of the simulator. */
async function consumers(...args: string[]): Promise<Peer> {
  const env = { ...clientOf(source), ...serverAt(await newPlace()) };
  const peer = await pvaflow(['consumer', '-ic', 'sim:image', '-dc', ...args], env);
  peers.push(peer);
  return peer;
}

/** Waits until each of these consumers is connected. */
async function connected(peer: Peer, ...ids: number[]): Promise<void> {
  for (const id of ids) await peer.line(new RegExp(`INFO \\(consumer-${id}\\): sim:image: connected`));
}

function reportIn(file: string): CombinedReport {
  return JSON.parse(readFileSync(join(folder, file), 'utf8')) as CombinedReport;
}

describe('several consumers', () => {
  it('share the frames, drain when Ctrl-C reaches all of them, and give one account', async () => {
    const peer = await consumers('-cid', '[4,7]', '-dg', 'g', '--report-file', 'shared.json', '-rp', '0.2');
    await connected(peer, 4, 7);
    await peer.nextLine(/ all consumers$/);
    await peer.nextLine(/nProcessed=[1-9]/);
    peer.killGroup('SIGINT');
    expect(await peer.exited).toEqual({ code: 0, signal: null });
    const summary = peer.output.slice(peer.output.findIndex((line) => line.startsWith('run of')));
    expect(summary[0]).toMatch(/^run of 00:00:\d\d, 2 consumers: [\d,]+ frames expected, ids [\d,]+–[\d,]+$/);
    expect(summary.join('\n')).toMatch(
      /\n {2}consumer 4 {3}received \d+ .* missed .*\n {2}consumer 7 {3}received \d+ [^]*\n {2}loss report: shared\.json$/,
    );
    const report = reportIn('shared.json');
    expect(report.received).toBe(report.consumers.reduce((sum, { received }) => sum + received, 0));
    expect(report.expected).toBe(report.received + report.missed.count);
    expect(report.missed.count).toBe(0);
    // Each knows its share: while they come and go it may be mistaken, but not about every other frame.
    for (const { missed, received } of report.consumers) expect(missed.count).toBeLessThan(received / 2);
  });

  it('end together when the time is over, also as threads', async () => {
    const peer = await consumers(
      '-nc',
      '2',
      '--threads',
      '-rt',
      '1',
      '--report-file',
      'threads.json',
      '--fail-on-loss',
    );
    expect(await peer.exited).toEqual({ code: 0, signal: null });
    expect(peer.log()).toContain('consumer 2 of sim:image started, in a thread');
    expect(reportIn('threads.json').consumers.map(({ consumerId }) => consumerId)).toEqual([1, 2]);
  });

  it('say once what is wrong with their processor', async () => {
    const peer = await consumers('-nc', '3', '-pf', 'missing.ts');
    expect((await peer.exited).code).toBe(1);
    expect(peer.lines).toEqual([expect.stringMatching(/^error PVAFLOW_PROCESSOR_FILE: missing\.ts does not exist/)]);
  });

  it('tell by their exit code that a frame was lost, and write the report of their own accord', async () => {
    const peer = await consumers('-nc', '2', '-pf', throws, '-pa', '{"where":"process"}', '--fail-on-loss');
    for (const id of [1, 2]) await peer.line(new RegExp(`ERROR \\(consumer-${id}\\): throws failed on id`));
    peer.kill('SIGTERM');
    expect((await peer.exited).code).toBe(4);
    const file = /loss report: (run-.*-1-2\.json)/.exec(peer.output.join('\n'))?.[1] ?? 'none';
    expect(Object.keys(reportIn(file).failed)).toEqual(['RangeError in throws.process']);
  });

  it('end at once at the second Ctrl-C', async () => {
    const peer = await consumers('-nc', '2', '-pf', throws, '-pa', '{"where":"never"}', '--drain-timeout', '3600');
    await connected(peer, 1, 2);
    peer.killGroup('SIGINT');
    await peer.line(/INFO \(consumers\): stopping/);
    peer.killGroup('SIGINT');
    expect(await peer.exited).toEqual({ code: 130, signal: null });
  });

  it('fail when one of them had to be given up', async () => {
    const peer = await consumers('-nc', '2', '-pf', crashes, '-pa', '{"id":2}', '--max-restarts', '0');
    await peer.line(/ERROR \(supervisor\): consumer-2 ended \(code 5\); it is given up after 0 restarts in 3600 s/);
    await connected(peer, 1);
    peer.kill('SIGTERM');
    expect((await peer.exited).code).toBe(1);
    const text = peer.log();
    expect(text).toContain('INFO (consumer-2): goodbye from consumer 2');
    expect(text).toContain(
      'consumer 2: error PVAFLOW_CHILD: consumer 2 ended too often and is not started again (code 5)',
    );
    expect(text).toMatch(/ consumer 1 {3}received /);
  });
});
