import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configureLogging } from '../../../src/core/logger.js';
import type { Consumer } from '../../../src/hpc/consumer.js';
import { isLossless } from '../../../src/hpc/loss-report.js';
import { nextValue, Stream, until } from '../stream.js';

beforeAll(() => configureLogging({ level: 'silent' }));

const folder = mkdtempSync(join(tmpdir(), 'pvaflow-stages-'));
afterAll(() => rmSync(folder, { recursive: true }));

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}.ts`, import.meta.url));
const behaving = (how: string) => ({ file: fixture('behaves'), args: { how } });
const channels = { input: 'in:image', output: 'out:image', status: 'out:status', control: 'out:control' };
const count = (ids: number) => Array.from({ length: ids }, (_, i) => i + 1);

describe('a chain', () => {
  it('publishes what its last processor publishes, and tells of each stage', async () => {
    await using stream = new Stream();
    const processors = [behaving('only returns'), { file: fixture('collects') }, { file: fixture('behaves') }];
    const consumer = await stream.consumer({ channels, processors });
    const client = stream.clientOf(consumer);
    const output = client.monitor('out:image');
    await nextValue(output, () => true);
    await stream.send(1, 2, 3);
    for (const id of [1, 2, 3]) {
      const frame = await nextValue(output, () => true);
      expect([frame.get('uniqueId'), frame.get<Uint8Array>('value')[0]]).toEqual([id, 3]);
    }
    const status = client.monitor('out:status');
    const value = await nextValue(status, (each) => each.get('frameStats.nProcessed') === 3n);
    expect(Object.keys(value.get<object>('stageStats'))).toEqual(['behaves', 'collects', 'behaves2']);
    for (const name of ['behaves', 'collects', 'behaves2']) expect(value.get(`stageStats.${name}.nProcessed`)).toBe(3n);
    expect(value.get('stageStats.collects.userStats.nSeen')).toBe(3);
    expect(value.get('userStats.nSeen')).toBe(3); // those of the last processor that has any
    expect(isLossless(consumer.report())).toBe(true);
  });

  it('has a context beside each frame, which those made of it share', async () => {
    await using stream = new Stream();
    const telling = (name: string, makesNew: boolean) => ({ file: fixture('tells'), args: { name, makesNew } });
    const consumer = await stream.consumer({
      processors: [telling('a', false), telling('b', true), telling('c', false)],
    });
    await stream.send(1, 2);
    await until(() => consumer.stats().frameStats.nProcessed === 2);
    const { seen } = consumer.stages.last.processor as unknown as { seen: string[] };
    expect(seen).toEqual(['1: in:image a b c', '2: in:image a b c']);
  });

  it('has names of its stages that the status channel can hold, or is refused', async () => {
    await using stream = new Stream();
    await expect(stream.consumer({ processors: [{ name: 'a-b' }] })).rejects.toThrow(
      '"a-b" cannot be the name of a stage',
    );
  });

  it('configures one stage, or all', async () => {
    await using stream = new Stream();
    const named = (name: string) => ({ ...behaving('only returns'), name });
    const consumer = await stream.consumer({ channels, processors: [named('first'), named('second')] });
    const say = async (args: object) => {
      const client = stream.clientOf(consumer);
      await client.put('out:control', { command: 'configure', args: JSON.stringify(args) });
      using control = client.monitor('out:control');
      const answer = await nextValue(control, (each) => each.get<string>('statusMessage').startsWith('Configuration'));
      return answer.get<string>('statusMessage');
    };
    const offsets = () =>
      consumer.stages.list.map(({ user }) => (user.processor as unknown as { offset: number }).offset);
    expect(await say({ offset: 10 })).toBe('Configuration successful');
    expect(offsets()).toEqual([10, 10]);
    expect(await say({ stage: 'second', config: { offset: 20 } })).toBe('Configuration successful');
    expect(offsets()).toEqual([10, 20]);
    expect(await say({ stage: 'secnod', config: {} })).toBe(
      'Configuration failed: there is no stage secnod. Did you mean second?',
    );
  });

  describe('that is configured', () => {
    const limited = (name: string, args: object) => ({ file: fixture('limited'), name, args: { ...args } });
    const levels = (consumer: Consumer) =>
      Object.values(consumer.stats().stageStats).map(({ userStats }) => userStats.level);
    const configure = (consumer: Consumer, config: object) => consumer.command('configure', JSON.stringify(config));

    it('is so as a whole or not at all', async () => {
      await using stream = new Stream();
      const processors = [limited('first', { level: 1 }), limited('second', { level: 2, most: 10 })];
      const consumer = await stream.consumer({ processors });
      await expect(configure(consumer, { level: 11, skipInitialUpdates: 5 })).rejects.toThrow('second: 11 is above 10');
      expect(levels(consumer)).toEqual([1, 2]);
      await configure(consumer, { level: 10 });
      expect(levels(consumer)).toEqual([10, 10]);
    });

    it('gets back what it had when one refuses late, or says what it does not know', async () => {
      await using stream = new Stream();
      const late = limited('late', { most: 10, isLate: true });
      const known = await stream.consumer({ processors: [limited('first', { level: 1 }), late] });
      await expect(configure(known, { level: 11 })).rejects.toThrow(/^late: 11 is above 10$/);
      expect(levels(known)).toEqual([1, 0]);
      const unknown = await stream.consumer({ consumerId: 8, processors: [limited('first', {}), late] });
      await expect(configure(unknown, { level: 11 })).rejects.toThrow(
        'late: 11 is above 10 (first took it: what was there before is not known)',
      );
    });

    it('is not when a value is not what a class declares, or a key of the runtime is wrong', async () => {
      await using stream = new Stream();
      const processors = [limited('first', { level: 1 }), { className: 'AdImageStatistics' }];
      const consumer = await stream.consumer({ processors });
      await expect(configure(consumer, { level: 5, histMin: 'low' })).rejects.toThrow(
        'adImageStatistics: histMin: expected a number, found "low"',
      );
      await expect(configure(consumer, { level: 5, objectIdOffset: 0 })).rejects.toThrow('objectIdOffset must be');
      expect(levels(consumer)[0]).toBe(1);
    });
  });

  it('stops those that were started when another cannot start', async () => {
    await using stream = new Stream();
    const throwing = (where: string) => ({ file: fixture('throws'), args: { where } });
    await expect(stream.consumer({ processors: [throwing('stop'), throwing('start')] })).rejects.toThrow(
      'start does not work',
    );
  });
});

interface Overlapping {
  readonly inWork: number;
  finish(): void;
}

describe('a processor with several frames in work', () => {
  const processors = [{ file: fixture('overlaps') }, { file: fixture('collects') }];

  it('gets so many as it wants, and hands them on in their order', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ processors });
    const overlaps = consumer.stages.list[0]?.user.processor as unknown as Overlapping;
    const seen = (consumer.stages.last.processor as unknown as { seen: string[] }).seen;
    await stream.send(1, 2, 3, 4, 5, 6);
    await until(() => overlaps.inWork === 3);
    expect(seen).toEqual([]);
    overlaps.finish();
    await until(() => overlaps.inWork === 3);
    overlaps.finish();
    await until(() => consumer.stats().frameStats.nProcessed === 6);
    expect(seen.map((each) => each.split(':')[0])).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(isLossless(consumer.report())).toBe(true);
  });

  it('finishes them before another takes its place, which gets as many as it wants', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ processors });
    const overlaps = consumer.stages.list[0]?.user.processor as unknown as Overlapping;
    const seen = (consumer.stages.last.processor as unknown as { seen: string[] }).seen;
    await stream.send(1, 2);
    await until(() => overlaps.inWork === 2);
    const replaced = consumer.replace('overlaps', { ...behaving('publishes later'), name: 'overlaps' });
    let isReplaced = false;
    void replaced.then(() => (isReplaced = true));
    await stream.send(3, 4);
    await until(() => {
      overlaps.finish();
      return isReplaced;
    });
    await until(() => consumer.stats().frameStats.nProcessed === 4);
    expect(overlaps.inWork).toBe(0);
    expect(seen.map((each) => each.split(':')[0])).toEqual(['1', '2', '3', '4']);
    expect(consumer.stages.list[0]?.user.processor.concurrency).toBe(1);
  });
});

describe('a processor that is replaced while frames come', () => {
  it.each(['publishes and returns the frame', 'publishes later', 'yields'])(
    'loses none (the old one %s)',
    async (how) => {
      await using stream = new Stream();
      const processors = [behaving(how), { file: fixture('collects') }];
      const consumer = await stream.consumer({ channels, processors });
      const seen = (consumer.stages.last.processor as unknown as { seen: string[] }).seen;
      const sent = stream.send(...count(2000));
      await until(() => seen.length > 100);
      await consumer.replace('behaves', { file: fixture('behaves'), args: { how: 'only returns', offset: 30 } });
      await sent;
      await until(() => consumer.stats().frameStats.nProcessed === 2000);
      const byNew = seen.filter((each) => each.endsWith(':33'));
      expect(byNew.length).toBeGreaterThan(0);
      expect(new Set(seen.map((each) => each.split(':')[0])).size).toBe(2000);
      expect(seen.slice(-byNew.length)).toEqual(byNew); // one frame is the first of the new one
      expect(isLossless(consumer.report())).toBe(true);
    },
  );

  it('is read anew from its file, and keeps what it was configured with', async () => {
    await using stream = new Stream();
    const file = join(folder, 'behaves.ts');
    copyFileSync(fixture('behaves'), file);
    const consumer = await stream.consumer({ channels, processors: [{ file, args: { how: 'only publishes' } }] });
    const client = stream.clientOf(consumer);
    const output = client.monitor('out:image');
    const firstPixel = async () =>
      (await nextValue(output, (each) => each.get('uniqueId') !== 0)).get<Uint8Array>('value')[0];
    await stream.send(1);
    expect(await firstPixel()).toBe(2);
    writeFileSync(file, readFileSync(file, 'utf8').replace('#marked(frame, 2)', '#marked(frame, 99)'));
    await client.put('out:control', { command: 'replace' });
    using control = client.monitor('out:control');
    await nextValue(control, (each) => each.get('statusMessage') === 'Replacement successful');
    await stream.send(2);
    expect(await firstPixel()).toBe(99);
  });

  it('shows the figures of the new one on the status channel', async () => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ channels, processors: [{ ...behaving(''), name: 'stage' }] });
    await consumer.replace(undefined, { file: fixture('collects') });
    await stream.send(1, 2);
    const status = stream.clientOf(consumer).monitor('out:status');
    const value = await nextValue(status, (each) => each.get('userStats.nSeen') === 2);
    expect(value.get('stageStats.stage.userStats.nSeen')).toBe(2);
  });

  it.each([
    [{ file: fixture('throws'), args: { where: 'start' } }, 'start does not work'],
    [{ file: 'nowhere.ts' }, 'nowhere.ts does not exist'],
    [{ className: 'PasThrough' }, 'Did you mean PassThrough?'],
  ])('stays when the new one cannot be started: %o', async (wanted, message) => {
    await using stream = new Stream();
    const consumer = await stream.consumer({ processors: [{ file: fixture('collects') }] });
    await expect(consumer.replace('collects', wanted)).rejects.toThrow(message);
    await stream.send(1, 2);
    await until(() => consumer.stats().frameStats.nProcessed === 2);
    expect(consumer.stats().userStats).toEqual({ nSeen: 2 });
  });
});
