/** Our consumer and simulator in the places of pvaPy's. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../cli/command.js';
import { clientOf, type Place } from '../peers/network.js';
import { startPvaflow } from '../peers/ours.js';
import type { Peer } from '../peers/peer.js';
import { usePeers } from '../peers/peers.js';
import { frameAccountArgs, PythonClient, startPvapyConsumer, startPvapySimulator } from '../peers/python.js';
import { differences, truthType, type Described } from '../peers/truth.js';

interface Frame {
  readonly type: 'frame';
  readonly uniqueId: number;
  readonly size: number;
  readonly sum: number;
}
interface Status {
  readonly value: {
    readonly receiverStats: { nReceived: number; nErrors: number; nOverruns: number };
    readonly processorStats: { nProcessed: number; nErrors: number; nMissed: number; lastObjectId: number };
    readonly userStats: { count: number; last: number; shape: string };
  };
}
interface Control {
  readonly value: { readonly command: string; readonly args: string; readonly statusMessage: string };
}

const peers = usePeers();
const ourProcessor = ['--processor-file', fileURLToPath(new URL('fixtures/frame-account.ts', import.meta.url))];
const ourProcessorClass = ['--processor-class', 'FrameAccount'];

/** Frames of two channels that have the same id, paired; at least `count` of them. */
async function sameFrames(
  client: PythonClient,
  first: string,
  second: string,
  count: number,
): Promise<[Frame, Frame][]> {
  for (const name of [first, second]) await client.request('monitor', { name });
  for (let wanted = 2 * count; ; wanted += count) {
    const [one, other] = await Promise.all(
      [first, second].map((name) => client.request<Frame[]>('events', { name, count: wanted })),
    );
    const pairs = (one ?? []).flatMap((frame): [Frame, Frame][] => {
      const twin = other?.find(({ uniqueId }) => uniqueId === frame.uniqueId);
      return twin && frame.size > 0 ? [[frame, twin]] : [];
    });
    if (pairs.length >= count) return pairs;
  }
}

/** The status as soon as at least `count` frames were processed. */
async function statusAfter(client: PythonClient, channel: string, count: number): Promise<Status['value']> {
  await client.request('monitor', { name: channel });
  for (let updates = 1; ; updates++) {
    const events = await client.request<Status[]>('events', { name: channel, count: updates });
    const latest = events.at(-1)?.value;
    if (latest && latest.processorStats.nProcessed >= count) return latest;
  }
}

describe("pvaPy's simulator, our consumer", () => {
  let simulator: Place;
  let consumer: Place;
  let consumerProcess: Peer;
  let p4p: PythonClient;

  beforeAll(async () => {
    const image = ['-cn', 'sim:image', '-nx', '32', '-ny', '16', '-fps', '50', '-nf', '20'];
    ({ place: simulator } = await startPvapySimulator(peers, [...image, '-rt', '300', '-std', '1', '-shd', '0']));
    const channels = ['-ic', 'sim:image', '-oc', 'con:*:image', '-sc', 'con:*:status', '-cc', 'con:*:control'];
    const started = await startPvaflow(
      peers,
      ['consumer', '-id', '7', '-ifs', '03d', ...channels, ...ourProcessor, ...ourProcessorClass, '-rp', '1', '-dc'],
      { sources: [simulator] },
    );
    ({ place: consumer, peer: consumerProcess } = started);
    p4p = await PythonClient.p4p(peers, consumer, simulator);
  });

  it('publishes every frame as it was', async () => {
    const pairs = await sameFrames(p4p, 'sim:image', 'con:007:image', 50);
    for (const [sent, published] of pairs) expect(published).toEqual(sent);
  });

  it('reports what it did', async () => {
    const status = await statusAfter(p4p, 'con:007:status', 50);
    expect(status.processorStats).toMatchObject({ nErrors: 0, nMissed: 0 });
    expect(status.receiverStats).toMatchObject({ nErrors: 0, nOverruns: 0 });
    expect(status.userStats).toMatchObject({ shape: '16x32', count: status.processorStats.nProcessed });
  });

  it("has pvaPy's status and control structures", async () => {
    const described = (name: string) => p4p.request<Described>('introspect', { name });
    const status = truthType('status_plain');
    expect(differences(status, await described('con:007:status'))).toEqual([]);
    expect(differences(truthType('control_plain'), await described('con:007:control'))).toEqual([]);
  });

  it("obeys pvaPy's Channel on its control channel", async () => {
    const pvapy = await PythonClient.pvapy(peers, consumer);
    await p4p.request('monitor', { name: 'con:007:control' });
    let previous = ''; // as in pvaPy, it stays until the new command is answered
    /** Puts a command, and waits for what came of it. */
    const say = async (command: string, args = '') => {
      await pvapy.request('put', { name: 'con:007:control', value: { command, args } });
      for (let count = 1; ; count++) {
        const events = await p4p.request<Control[]>('events', { name: 'con:007:control', count });
        const answers = events
          .map(({ value }) => value)
          .filter((value) => value.command === command && value.args === args);
        const message = answers.at(-1)?.statusMessage ?? '';
        if (!['', 'Command successful', previous].includes(message)) return (previous = message);
        count = events.length;
      }
    };
    expect(await say('get_stats')).toBe('Stats update successful');
    expect(await say('reset_stats', '')).toBe('Stats reset successful');
    expect(await say('configure', '{"level":3}')).toBe('Configuration successful');
    expect(await say('configure', 'not json')).toMatch(/^Configuration failed: /);
    expect(await say('stop')).toBe('Stop flag set');
    expect(await consumerProcess.exited).toEqual({ code: 0, signal: null });
  });
});

describe("our simulator, pvaPy's consumer", () => {
  let simulator: Place;
  let consumer: Place;

  beforeAll(async () => {
    const image = ['-cn', 'our:image', '-nx', '32', '-ny', '16', '-fps', '50', '-dt', 'uint8', '-rt', '300'];
    ({ place: simulator } = await startPvaflow(peers, ['sim-server', ...image, '-dc']));
    const channels = ['-ic', 'our:image', '-oc', 'py:image', '-sc', 'py:status'];
    const args = [...channels, ...frameAccountArgs, '-rp', '1'];
    ({ place: consumer } = await startPvapyConsumer(peers, args, [simulator]));
  });

  it('delivers every frame as it was', async () => {
    const p4p = await PythonClient.p4p(peers, simulator, consumer);
    const pairs = await sameFrames(p4p, 'our:image', 'py:image', 50);
    for (const [sent, received] of pairs) expect(received).toEqual(sent);
    const status = await statusAfter(p4p, 'py:status', 50);
    expect(status.processorStats).toMatchObject({ nErrors: 0, nMissed: 0 });
    expect(status.userStats).toMatchObject({ shape: '16x32' });
  });

  it('shows it in pvaflow top', async () => {
    let entry: { processed?: number } | undefined;
    do {
      const { code, output } = await runCommand(['top', '--once', '--json', '-w', '1'], clientOf(consumer));
      expect(code).toBe(0);
      entry = output.map((line) => JSON.parse(line) as { processed: number })[0];
    } while ((entry?.processed ?? 0) < 1); // it says how it does once a second
    expect(entry).toMatchObject({ channel: 'py:status', kind: 'consumer', id: 1, input: 'our:image' });
  });

  it.each(['int8', 'uint16', 'uint32', 'int64', 'float32', 'float64'])('sends %s', async (dtype) => {
    const image = ['-cn', 'our:image', '-nx', '8', '-ny', '4', '-fps', '50', '-dt', dtype, '-rt', '300'];
    const { place } = await startPvaflow(peers, ['sim-server', ...image, '-dc']);
    const p4p = await PythonClient.p4p(peers, place);
    await p4p.request('monitor', { name: 'our:image' });
    const frames = await p4p.request<(Frame & { dtype: string })[]>('events', { name: 'our:image', count: 3 });
    expect(frames.at(-1)).toMatchObject({ dtype, size: 32 });
  });

  it("has the structure of pvaPy's image", async () => {
    const { place } = await startPvaflow(peers, ['sim-server', '-cn', 'our:image', '-rt', '300', '-dc']);
    const p4p = await PythonClient.p4p(peers, place);
    const found = await p4p.request<Described>('introspect', { name: 'our:image' });
    expect(differences(truthType('ntndarray_sim'), found)).toEqual([]);
  });
});
