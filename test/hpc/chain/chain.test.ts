/** Chains that are cut over processes. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { configureLogging } from '../../../src/core/logger.js';
import type { PvObject } from '../../../src/pva/pv-object.js';
import { PvaClient } from '../../../src/pva/client.js';
import { isLossless, type Losses } from '../../../src/hpc/loss-report.js';
import type { ChainReport } from '../../../src/hpc/chain/chain-report.js';
import { Chains, type ChainsReport } from '../../../src/hpc/chain/chains.js';
import { nextValue } from '../stream.js';
import { RunningChain } from './running.js';

beforeAll(() => configureLogging({ level: 'silent' }));
afterAll(() => configureLogging({}));

/** Several processes have to start, some of them twice. */
vi.setConfig({ testTimeout: 180_000 });

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}.ts`, import.meta.url));
const counts = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

const idsOf = (losses: Losses | undefined) => (losses?.ids ?? []).flatMap(({ first, last }) => counts(first, last));

const slow = { file: fixture('slow'), args: { ms: 5 } };
const filters = { file: fixture('behaves'), args: { how: 'filters every second' } };
const passThrough = { className: 'PassThrough' };

describe('a chain of three processes', () => {
  it('loses nothing, however slow the last one is, also when it ends while frames are between them', async () => {
    await using running = await RunningChain.start({ processors: [passThrough, filters, slow] });
    await running.subscribed();
    await running.stream.send(...counts(1, 600));
    await running.until(() => running.part(0).report?.received === 600);
    expect(running.part(2).report?.processed).toBeLessThan(300);
    await running.chain.drain();
    const report = running.chain.report() as ChainReport;
    expect(report).toMatchObject({ expected: 600, received: 600, filtered: 300, processed: 300, inFlight: 0 });
    expect(isLossless(report)).toBe(true);
    // What was filtered in one part was not missed by the next.
    expect(report.parts).toMatchObject([
      { stages: ['passThrough'], published: 600, missed: { count: 0 } },
      { stages: ['behaves'], received: 600, published: 300, missed: { count: 0 } },
      { stages: ['slow'], received: 300, processed: 300, missed: { count: 0 } },
    ]);
    expect(running.chain.failures).toEqual([]);
  });

  it('goes on when the part in the middle is killed, and reports what was lost with it', async () => {
    await using running = await RunningChain.start({ processors: [passThrough, slow, passThrough] });
    await running.subscribed();
    await running.stream.send(...counts(1, 50));
    await running.processed(50);
    const { sent } = await running.killAtWork(1, counts(51, 400));
    await sent;
    await running.until(() => running.part(0).report?.received === 400);
    await running.chain.drain();
    const report = running.chain.report() as ChainReport;
    const { processed, failed, expected, received, inFlight } = report;
    expect({ expected, received, inFlight }).toEqual({ expected: 400, received: 400, inFlight: 0 });
    const lost = failed['lost with the part slow'];
    expect(processed + (lost?.count ?? 0)).toBe(400);
    expect(lost?.count).toBeGreaterThan(0);
    expect(lost).toMatchObject({ unlisted: 0 });
    expect(report.parts.map(({ nRestarts, lastExit }) => [nRestarts, lastExit])).toEqual([
      [0, ''],
      [1, 'SIGKILL'],
      [0, ''],
    ]);
    expect(report.lastId).toBe(400);
    expect(running.part(2).report?.lastId).toBe(400);
  });
});

describe('a chain whose first and last part are killed', () => {
  it('goes on, and every id is processed, or named as lost or missed', async () => {
    await using running = await RunningChain.start({ processors: [passThrough, slow] });
    await running.subscribed();
    await running.stream.send(...counts(1, 50));
    await running.processed(50);
    const { sent } = await running.killAtWork(1, counts(51, 300));
    running.kill(0);
    await running.until(() => running.part(0).child.nRestarts === 1);
    await sent; // nobody has to take them while the first part is down
    await running.subscribed();
    await running.stream.send(...counts(301, 350));
    const last = () => running.part(1).report?.lastId;
    await running.until(() => running.part(0).report?.lastId === 350 && last() === 350);
    await running.chain.drain();
    const report = running.chain.report() as ChainReport;
    const { processed, failed, missed, expected, received, inFlight } = report;
    const lost = failed['lost with the parts passThrough, slow'];
    expect(lost?.count).toBeGreaterThan(0);
    expect(Object.keys(failed)).toHaveLength(1);
    expect(report.parts.map(({ nRestarts }) => nRestarts)).toEqual([1, 1]);
    expect({ expected, received: received + missed.count, inFlight }).toEqual({
      expected: 350,
      received: 350,
      inFlight: 0,
    });
    expect(processed + (lost?.count ?? 0) + missed.count).toBe(350);
    expect([lost?.unlisted, missed.unlisted]).toEqual([0, 0]);
    const gone = new Set([...idsOf(lost), ...idsOf(missed)]);
    expect(gone.size).toBe((lost?.count ?? 0) + missed.count);
    expect(
      counts(1, 50)
        .concat(counts(301, 350))
        .filter((id) => gone.has(id)),
    ).toEqual([]);
  });
});

describe('several consumers whose chains are cut', () => {
  it('each lose what was in the part that is killed, and nothing else', async () => {
    await using first = await RunningChain.start({ consumerId: 1, processors: [passThrough, slow] });
    await using second = await RunningChain.start({ consumerId: 2, processors: [passThrough, slow] });
    const all = new Chains([first.chain, second.chain]);
    for (const running of [first, second]) await running.subscribed();
    await second.stream.send(...counts(1, 100));
    await (
      await first.killAtWork(1, counts(1, 100))
    ).sent;
    for (const running of [first, second]) {
      await running.stream.send(101);
      await running.until(() => running.part(1).report?.lastId === 101);
    }
    await all.drain();
    const report = all.report() as ChainsReport;
    expect(report).toMatchObject({ expected: 202, received: 202, inFlight: 0, missed: { count: 0 } });
    expect(report.chains[1]).toMatchObject({ consumerId: 2, processed: 101, failed: {}, nRestarts: 0 });
    const lost = report.chains[0]?.failed['lost with the part slow'];
    expect(lost).toMatchObject({ unlisted: 0 });
    expect(report.processed + (lost?.count ?? 0)).toBe(202);
    expect(all.stopFailed).toBe(false);
  });
});

describe('a chain that is cut', () => {
  it('has one control channel, a status channel for all, and one for each part', async () => {
    const channels = { input: 'in:image', status: 'proc:status', control: 'proc:control' };
    await using running = await RunningChain.start({ channels, processors: [filters, slow] });
    await running.subscribed();
    await running.stream.send(...counts(1, 10));
    await running.processed(5);
    const clients = running.chain.clientConfigs().map((config) => new PvaClient(config));
    const [control, first, second] = clients as [PvaClient, PvaClient, PvaClient];
    const says = (text: RegExp) =>
      nextValue(control.monitor('proc:control'), (value) => text.test(value.get<string>('statusMessage')));
    try {
      const all = (value: PvObject) => value.get('stageStats.behaves.nReceived') === 10n;
      await nextValue(first.monitor('proc:status:behaves'), all);
      const whole = control.monitor('proc:status');
      const both = (value: PvObject) => value.get('stageStats.slow.nProcessed') === 5n;
      expect((await nextValue(whole, both)).toObject()).toMatchObject({
        consumerId: 7,
        inputChannel: 'in:image',
        receiverStats: { nReceived: 10 },
        processorStats: { nProcessed: 10, nMissed: 0 },
        frameStats: { nExpected: 10n, nReceived: 10n, nProcessed: 5n, nFiltered: 5n, nInFlight: 0n },
        stageStats: { behaves: { nReceived: 10n, nFiltered: 5n } },
        nRestarts: 0,
        lastExit: '',
        partStats: { behaves: { state: 'running', nPublished: 5n }, slow: { nReceived: 5n, nRestarts: 0 } },
      });
      expect((await second.get('proc:status:slow')).get('inputChannel')).toBe('in:image');

      await control.put('proc:control', { command: 'configure', args: '{"stage":"slow","config":{"ms":1}}' });
      await says(/^Configuration successful$/);
      await control.put('proc:control', { command: 'configure', args: '{"stage":"slwo","config":{"ms":1}}' });
      expect((await says(/^Configuration failed/)).get('statusMessage')).toContain('Did you mean slow?');
      await control.put('proc:control', { command: 'configure', args: '{"mz":1}' });
      expect((await says(/^Configuration failed/)).get('statusMessage')).toMatch(/mz: unknown key/);
      await control.put('proc:control', {
        command: 'replace',
        args: '{"stage":"slow","processorClass":"PassThrough"}',
      });
      await says(/^Replacement successful$/);
      const replaced = (value: PvObject) => value.get('stageStats.slow.nProcessed') === 5n;
      await nextValue(control.monitor('proc:status'), replaced);
      await control.put('proc:control', { command: 'get_report' });
      const { statusMessage } = (await says(/^\{/)).toObject() as { statusMessage: string };
      expect(JSON.parse(statusMessage)).toMatchObject({ received: 10, parts: [{ received: 10 }, { received: 5 }] });
      await control.put('proc:control', { command: 'stop' });
      await running.chain.ended;
    } finally {
      for (const client of clients) client.close();
    }
  });

  it('tells which part could not start, and stops the others', async () => {
    await expect(RunningChain.start({ processors: [passThrough, { file: 'nowhere.ts' }] })).rejects.toMatchObject({
      code: 'PVAFLOW_PROCESSOR_FILE',
    });
    const throws = { file: fixture('throws'), args: { where: 'start' } };
    await expect(RunningChain.start({ processors: [passThrough, throws] })).rejects.toMatchObject({
      code: 'PVAFLOW_PROCESSOR_START',
    });
  });
});
