import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../peers/install.js';
import { exitCodeOf, describeError } from '../../src/cli/exit.js';
import { buildProgram } from '../../src/cli/program.js';
import { expandShortOptions } from '../../src/cli/short-options.js';
import { PvaServer } from '../../src/pva/server.js';
import { clientOf, newPlace, serverAt, type Environment, type Place } from '../peers/network.js';
import { ourServerAt } from '../peers/ours.js';
import { Peer } from '../peers/peer.js';

const throws = fileURLToPath(new URL('../hpc/fixtures/throws.ts', import.meta.url));
let folder: string;
let peers: Peer[] = [];

beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'pvaflow-run-'))));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(async () => {
  for (const peer of peers) await peer.stop();
  peers = [];
});

async function pvaflow(args: readonly string[], env: Environment, ready?: RegExp): Promise<Peer> {
  const peer = await Peer.start({
    name: `pvaflow ${args.join(' ')}`,
    command: process.execPath,
    args: ['--import', import.meta.resolve('tsx'), join(projectRoot, 'src', 'cli', 'main.ts'), ...args],
    cwd: folder,
    env,
    ...(ready === undefined ? {} : { ready }),
  });
  peers.push(peer);
  return peer;
}

/** Runs a command that is to fail before it begins: what it says, and its exit code. */
async function failure(args: readonly string[]): Promise<{ code: number; text: string }> {
  try {
    const program = await buildProgram(args);
    for (const command of [program, ...program.commands])
      command.exitOverride().configureOutput({ writeErr: () => {} });
    await program.parseAsync(expandShortOptions(program, args), { from: 'user' });
  } catch (error) {
    return { code: exitCodeOf(error), text: describeError(error) };
  }
  throw new Error(`${args.join(' ')} did not fail`);
}

const simulator = (place: Place, ...more: string[]) =>
  pvaflow(
    ['sim-server', '-cn', 'sim:image', '-nx', '16', '-ny', '8', '-dc', ...more],
    serverAt(place),
    /^serving sim:image/,
  );

async function consumer(source: Place, ...args: string[]): Promise<Peer> {
  const place = await newPlace();
  const env = { ...clientOf(source), ...serverAt(place) };
  return pvaflow(['consumer', '-ic', 'sim:image', '-dc', ...args], env, /connected/);
}

describe('a simulator and a consumer', () => {
  it('pass every frame on, as fast as it goes, and say so', async () => {
    const source = await newPlace();
    const sim = await simulator(
      source,
      '-fps',
      '0',
      '--count',
      '5000',
      '--await-subscribers',
      '1',
      '-rp',
      '0',
      '-shd',
      '0.2',
    );
    const con = await consumer(source, '--report-file', 'all.json', '--fail-on-loss');
    expect(await sim.exited).toMatchObject({ code: 0 });
    expect(sim.output.join('\n')).toMatch(/Published frames: 5000 @ [\d.]+ fps/);
    await con.line(/went away after id 5000/);
    con.kill('SIGTERM');
    expect(await con.exited).toEqual({ code: 0, signal: null });
    expect(con.output).toEqual([
      expect.stringMatching(/^run of 00:00:\d\d: 5,000 frames expected, ids 1–5,000$/),
      '  processed 5,000   published 0   failed 0   missed 0   rejected 0',
      '  loss report: all.json',
    ]);
    expect(JSON.parse(readFileSync(join(folder, 'all.json'), 'utf8'))).toMatchObject({
      received: 5000,
      missed: { count: 0 },
    });
  });

  it('survive the death of the simulator: the gap is counted, the stream goes on', async () => {
    const source = await newPlace();
    const first = await simulator(source, '-fps', '200');
    const con = await consumer(source, '-rp', '0.1', '-rs', 'frame');
    await con.line(/nProcessed=[1-9]\d\d/);
    first.kill('SIGKILL');
    await con.line(/went away after id/);
    await simulator(source, '-fps', '1'); // slow, so that its ids are still below those of the first
    await con.line(/connected again, after [\d.]+ s/, 60_000);
    await con.nextLine(/nRestarted=1 /);
    con.kill('SIGINT');
    expect((await con.exited).code).toBe(0);
    expect(con.output.join('\n')).toContain('restarts of the source 1');
  });

  it('tell which frames a processor failed on, in a report of their own accord', async () => {
    const source = await newPlace();
    await simulator(source, '-fps', '200');
    const con = await consumer(source, '-pf', throws, '-pa', '{"where":"process"}', '-rt', '1', '--fail-on-loss');
    expect((await con.exited).code).toBe(4);
    const text = con.output.join('\n');
    expect(text).toMatch(/failed \d+ \(ids .*: RangeError in throws\.process\)/);
    const file = /loss report: (run-.*-1\.json)/.exec(text)?.[1] ?? 'none';
    expect(JSON.parse(readFileSync(join(folder, file), 'utf8'))).toMatchObject({ missed: { count: 0 } });
  });
});

describe('a consumer that cannot begin', () => {
  it('says what it waits for, and where it looked', async () => {
    const { udpPort } = await newPlace();
    const env = {
      EPICS_PVA_AUTO_ADDR_LIST: 'NO',
      EPICS_PVA_ADDR_LIST: `127.0.0.1:${udpPort}`,
      ...serverAt(await newPlace()),
    };
    const con = await pvaflow(['consumer', '-ic', 'nobody:image', '-dc'], env);
    const line = await con.line(/waiting for nobody:image/);
    expect(line).toContain(
      `no server answered in 5 s (searched 127.0.0.1:${udpPort}; EPICS_PVA_ADDR_LIST=127.0.0.1:${udpPort}`,
    );
    expect(line).toContain('Still trying; pvaflow list shows what is served.');
    con.kill('SIGTERM');
    expect((await con.exited).code).toBe(0);
    expect(con.output[0]).toContain('0 frames expected, none came');
  });

  it('says that the channel is there, where only nothing was published on it', async () => {
    const place = await newPlace();
    using server = new PvaServer(ourServerAt(place));
    server.addChannel('silent:image', null);
    const env = { ...clientOf(place), ...serverAt(await newPlace()) };
    const con = await pvaflow(['consumer', '-ic', 'silent:image', '-dc'], env);
    expect(await con.line(/waiting for silent:image/)).toContain(
      'waiting for silent:image: its server has published nothing on it in 5 s. Still trying.',
    );
    const get = await pvaflow(['get', '-w', '4', 'silent:image'], env);
    expect(await get.line(/PVAFLOW_TIMEOUT/)).toContain(
      'get silent:image: the server did not answer in 4 s; an output does once something was published on it',
    );
    const monitor = await pvaflow(['monitor', '-w', '4', 'silent:image'], env);
    expect(await monitor.line(/PVAFLOW_TIMEOUT/)).toContain(
      'silent:image: its server has published nothing on it in 4 s',
    );
    con.kill('SIGTERM');
    expect((await con.exited).code).toBe(0);
  });

  it.each([
    [['-pf', 'missing.ts'], 1, /error PVAFLOW_PROCESSOR_FILE: missing\.ts does not exist/],
    [
      ['-pf', throws, '-pa', '{"where":"constructor"}'],
      1,
      /error PVAFLOW_PROCESSOR_CONSTRUCTOR: .*constructor does not work/,
    ],
    [['-pf', throws, '-pa', '{"where":"start"}'], 1, /error PVAFLOW_PROCESSOR_START: .*start does not work/],
    [['-pa', 'level=3'], 2, /It is not valid JSON/],
    [['-rqs', 'many'], 2, /It must be a whole number/],
    [['-ao', '20', '-rqs', '10'], 2, /--accumulate-objects: more objects than the queue has room for: .*, found 20/],
    [['--input-on-full', 'fail'], 2, /there is no queue that could be full; add --receiver-queue-size/],
    [['--on-full', 'dropoldest'], 2, /Did you mean dropOldest\?/],
    [['--recever-queue-size', '5'], 2, /Did you mean --receiver-queue-size\?/],
    [['-cid', '__import__("os")'], 2, /is not a list of ids/],
    [['-cid', '4,5,4'], 2, /the id 4 is given to two consumers/],
    [['-cid', '4,-5'], 2, /--consumer-id-list: \[1\]: expected a whole number from 0 to 4294967295, found -5/],
    [['-nds', '2', '-du', '1'], 2, /of several sets this consumer belongs to one: .*--distributor-set/],
    [['-dg', 'a;b'], 1, /group "a;b" cannot be sent/],
    [['-im', 'kafka'], 2, /--input-mode: expected pva, pvas, rpc or ca, found "kafka"/],
  ])('%j ends with code %d', async (args, code, message) => {
    const outcome = await failure(['consumer', '-ic', 'x', ...args]);
    expect(outcome.text).toMatch(message);
    expect(outcome.code).toBe(code);
  });

  it('needs a channel', async () => {
    const outcome = await failure(['consumer']);
    expect(outcome).toMatchObject({ code: 2, text: expect.stringContaining('--input-channel') as string });
  });
});

describe('a collector that cannot begin', () => {
  it.each([
    [['-pid', '1;2'], 2, /"1;2" is not a list of ids/],
    [['-pid', '1,1'], 2, /the id 1 is given to two producers/],
    [['-oc', 'p:1:image'], 1, /have the same name p:1:image/],
    [['--cache-on-full', 'drop'], 2, /It must be wait, release|Did you mean/],
    [['--collectr-cache-size', '3'], 2, /Did you mean --collector-cache-size\?/],
    [['--input-on-full', 'fail'], 2, /there is no queue that could be full; add --receiver-queue-size/],
    [['--end-of-acquisition', 'never'], 2, /does not say how an acquisition ends/],
    [['--server-threads', '0'], 2, /It must be a whole number from 1 to 64/],
  ])('%j ends with code %d', async (args, code, message) => {
    const outcome = await failure(['collector', '-ic', 'p:*:image', ...args]);
    expect(outcome.text).toMatch(message);
    expect(outcome.code).toBe(code);
  });
});

describe('a simulator', () => {
  it.each([
    [['-dt', 'uint24'], /It must be int8, uint8|Did you mean/],
    [['-cm', '1'], /"1" is not one of 0, 2, 3, 4/],
  ])('refuses %j', async (args, message) => {
    const outcome = await failure(['sim-server', ...args]);
    expect(outcome.text).toMatch(message);
    expect(outcome.code).toBe(2);
  });

  it('ends with a message when there is nothing to send', async () => {
    const { text, code } = await failure(['sim-server', '-if', 'absent.npy']);
    expect(text).toMatch(/nothing to send: cannot read absent\.npy: it, or a directory .* does not exist \(ENOENT\)/);
    expect(code).toBe(1);
  });
});
