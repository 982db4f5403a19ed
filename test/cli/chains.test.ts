/** `pvaflow consumer` with a chain that its configuration cuts, as real processes. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { ChainReport } from '../../src/hpc/chain/chain-report.js';
import { projectRoot } from '../peers/install.js';
import { clientOf, newPlace, serverAt, type Environment } from '../peers/network.js';
import { Peer } from '../peers/peer.js';

const slow = fileURLToPath(new URL('../hpc/fixtures/slow.ts', import.meta.url));
let folder: string;
let peers: Peer[] = [];

beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'pvaflow-chain-'))));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async (context) => {
  for (const peer of peers) {
    await peer.stop();
    if (context.task.result?.state === 'fail') console.error(peer.log());
  }
  peers = [];
});

async function pvaflow(args: readonly string[], env: Environment, ready?: RegExp): Promise<Peer> {
  const peer = await Peer.start({
    name: `pvaflow ${args.join(' ')}`,
    command: process.execPath,
    args: ['--import', import.meta.resolve('tsx'), join(projectRoot, 'src', 'cli', 'main.ts'), ...args],
    cwd: folder,
    env,
    ownGroup: true,
    ...(ready === undefined ? {} : { ready }),
  });
  peers.push(peer);
  return peer;
}

it('Ctrl-C drains all parts, in their order, and there is one account', async () => {
  const source = await newPlace();
  const frames = ['-nx', '16', '-ny', '16', '-fps', '0', '--count', '500', '--await-subscribers', '1', '-rp', '0'];
  await pvaflow(['sim-server', '-cn', 'sim:image', ...frames], serverAt(source), /^serving sim:image/);
  const config = `
input: { channel: 'sim:image' }
processors:
  - { class: PassThrough }
  - { class: PassThrough, name: middle, process: own }
  - { file: ${JSON.stringify(slow)}, config: { ms: 3 } }
output: { channel: 'proc:*:image' }
report: { file: run.json, failOnLoss: true, plain: true }
`;
  writeFileSync(join(folder, 'cut.yaml'), config);
  const env = { ...clientOf(source), ...serverAt(await newPlace()) };
  const chain = await pvaflow(['consumer', '--config', 'cut.yaml'], env);
  await chain.line(/WARN \(consumer-1\.1\): sim:image: its server went away after id 500/, 120_000);
  chain.killGroup('SIGINT');
  expect(await chain.exited).toEqual({ code: 0, signal: null });
  const warnings = chain.lines.filter((line) => /WARN|ERROR/.test(line));
  expect(warnings).toEqual([expect.stringContaining('sim:image: its server went away')]); // and not those of the parts
  const report = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as ChainReport;
  expect(report).toMatchObject({ expected: 500, received: 500, processed: 500, published: 500, inFlight: 0 });
  expect(report.parts.map(({ stages }) => stages)).toEqual([['passThrough'], ['middle'], ['slow']]);
  const summary = chain.output.slice(chain.output.findIndex((line) => line.startsWith('run of')));
  expect(summary).toEqual([
    expect.stringMatching(/^run of 00:\d\d:\d\d: 500 frames expected, ids 1–500$/),
    '  processed 500   published 500   failed 0   missed 0   rejected 0',
    '  loss report: run.json',
    expect.stringMatching(/^ {2}consumer 1 passThrough {3}received 500 {3}processed 500 /),
    expect.stringMatching(/^ {2}consumer 1 middle {3}received 500 {3}processed 500 /),
    expect.stringMatching(/^ {2}consumer 1 slow {3}received 500 {3}processed 500 {3}published 500 /),
  ]);
}, 180_000);

it('what one part cannot start with is said once, with the exit code of one consumer', async () => {
  const config = `
input: { channel: 'sim:image' }
processors:
  - { class: PassThrough }
  - { file: missing.ts, process: own }
`;
  writeFileSync(join(folder, 'wrong.yaml'), config);
  const chain = await pvaflow(['consumer', '--config', 'wrong.yaml'], serverAt(await newPlace()));
  expect((await chain.exited).code).toBe(1);
  expect(chain.lines.filter((line) => line.startsWith('error'))).toEqual([
    expect.stringMatching(/^error PVAFLOW_PROCESSOR_FILE: .*missing\.ts does not exist/),
  ]);
}, 180_000);
