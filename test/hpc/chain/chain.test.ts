/** Chains that are cut over processes. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configureLogging } from '../../../src/core/logger.js';
import type { PvObject } from '../../../src/pva/pv-object.js';
import { PvaClient } from '../../../src/pva/client.js';
import { isLossless } from '../../../src/hpc/loss-report.js';
import type { ChainReport } from '../../../src/hpc/chain/chain-report.js';
import { nextValue } from '../stream.js';
import { RunningChain } from './running.js';

beforeAll(() => configureLogging({ level: 'silent' }));
afterAll(() => configureLogging({}));

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}.ts`, import.meta.url));
const counts = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

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
    const sending = running.stream.send(...counts(51, 400));
    await running.until(() => (running.part(2).report?.processed ?? 0) > 60);
    running.kill(1);
    await running.until(() => running.part(1).child.nRestarts === 1 && running.part(1).child.state === 'running');
    await sending;
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

describe('a chain that is cut', () => {
  it('has one control channel, and a status channel for each part', async () => {
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
      expect((await second.get('proc:status:slow')).get('inputChannel')).toBe('in:image');

      await control.put('proc:control', { command: 'configure', args: '{"stage":"slow","config":{"ms":1}}' });
      await says(/^Configuration successful$/);
      await control.put('proc:control', { command: 'configure', args: '{"stage":"slwo","config":{"ms":1}}' });
      expect((await says(/^Configuration failed/)).get('statusMessage')).toContain('Did you mean slow?');
      await control.put('proc:control', {
        command: 'replace',
        args: '{"stage":"slow","processorClass":"PassThrough"}',
      });
      await says(/^Replacement successful$/);
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
