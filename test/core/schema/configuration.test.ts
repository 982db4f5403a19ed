import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Configuration, type Override } from '../../../src/core/schema/configuration.js';
import { parseConfig } from '../../../src/core/schema/document.js';
import { bytes, freeKeys, name, seconds } from '../../../src/core/schema/values.js';

const queue = z.strictObject({
  frames: z.int().min(1).prefault(64),
  bytes: bytes().prefault('1MiB'),
  onFull: z.enum(['wait', 'dropOldest', 'fail']).prefault('wait'),
  share: z.number().gt(0).lt(1).optional(),
});
const schema = z.strictObject({
  channel: name('the name of a channel'),
  queue: z.union([z.literal('none'), queue]).prefault('none'),
  period: seconds({ above: true }).prefault('1s'),
  steps: z.array(z.strictObject({ level: z.number().max(9), on: z.boolean().optional() })).prefault([]),
  args: freeKeys(),
});

function read(text: string, overrides: Override[] = []): z.output<typeof schema> {
  return new Configuration(parseConfig(text, 'p.yaml'), overrides).read(schema);
}

function problems(text: string, overrides: Override[] = []): string[] {
  try {
    read(text, overrides);
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^PVAFLOW_(CONFIG|USAGE)$/) as string });
    return (error as Error).message.split('\n');
  }
  throw new Error(`${text} was accepted`);
}

describe('a configuration', () => {
  it('has every default', () => {
    expect(read('channel: X')).toEqual({ channel: 'X', queue: 'none', period: 1, steps: [], args: {} });
    expect(read('channel: X\nqueue: {}').queue).toEqual({ frames: 64, bytes: 2 ** 20, onFull: 'wait' });
  });

  it('takes sizes and times with their units', () => {
    const { queue, period } = read('{channel: X, queue: {bytes: 2GiB}, period: 500ms}');
    expect(queue).toMatchObject({ bytes: 2 ** 31 });
    expect(period).toBe(0.5);
  });
});

describe('what is wrong', () => {
  it.each([
    ['chanel: X\nchannel: X', 'p.yaml:1: chanel: unknown key. Did you mean "channel"?'],
    ['channel: X\nzzzzzz: 1', 'p.yaml:2: zzzzzz: unknown key. Known: channel, queue, period, steps, args.'],
    ['channel: X\nqueue:\n  frmaes: 1', 'p.yaml:3: queue.frmaes: unknown key. Did you mean "frames"?'],
    ['channel: X\nsteps:\n  - level: 1\n    "o n": 1', 'p.yaml:4: steps[0]."o n": unknown key. Did you mean "on"?'],
    ['period: 1', 'p.yaml:1: channel: missing. Expected the name of a channel'],
    ['channel:', 'p.yaml:1: channel: expected the name of a channel, found nothing'],
    ["channel: ''", 'p.yaml:1: channel: expected the name of a channel, found ""'],
    ['channel: 3', 'p.yaml:1: channel: expected the name of a channel, found 3'],
    [
      'channel: X\nqueue: nine',
      'p.yaml:2: queue: expected none or a mapping (key: value), found "nine". Did you mean "none"?',
    ],
    ['channel: X\nqueue: []', 'p.yaml:2: queue: expected none or a mapping (key: value), found a list'],
    ['channel: X\nqueue: {frames: 0}', 'p.yaml:2: queue.frames: expected a whole number from 1 on, found 0'],
    ['channel: X\nqueue: {frames: 1.5}', 'p.yaml:2: queue.frames: expected a whole number from 1 on, found 1.5'],
    ['channel: X\nqueue: {frames: many}', 'p.yaml:2: queue.frames: expected a whole number from 1 on, found "many"'],
    ['channel: X\nqueue: {bytes: 2 foo}', 'p.yaml:2: queue.bytes: expected a size such as 512MiB, found "2 foo"'],
    ['channel: X\nqueue: {share: 1}', 'p.yaml:2: queue.share: expected a number above 0 and below 1, found 1'],
    [
      'channel: X\nqueue: {onFull: dropoldest}',
      'p.yaml:2: queue.onFull: expected wait, dropOldest or fail, found "dropoldest". Did you mean "dropOldest"?',
    ],
    ['channel: X\nperiod: 0', 'p.yaml:2: period: expected a time above 0, in seconds or such as 500ms, 10min, found 0'],
    [
      'channel: X\nperiod: soon',
      'p.yaml:2: period: expected a time above 0, in seconds or such as 500ms, 10min, found "soon"',
    ],
    [
      'channel: X\nperiod: 600h',
      'p.yaml:2: period: expected a time above 0, in seconds or such as 500ms, 10min, at most 24 days, found "600h"',
    ],
    ['channel: X\nsteps: 3', 'p.yaml:2: steps: expected a list, found 3'],
    ['channel: X\nsteps:\n  - 3', 'p.yaml:3: steps[0]: expected a mapping (key: value), found 3'],
    ['channel: X\nsteps:\n  - on: true', 'p.yaml:3: steps[0].level: missing. Expected a number up to 9'],
    ['channel: X\nsteps: [{level: 1, on: 1}]', 'p.yaml:2: steps[0].on: expected true or false, found 1'],
    ['channel: X\nargs: 1', 'p.yaml:2: args: expected a mapping (key: value), found 1'],
    ['- channel', 'p.yaml:1: expected a mapping (key: value), found a list'],
    ['', 'p.yaml:1: channel: missing. Expected the name of a channel'],
  ])('%j is told with its place', (text, message) => expect(problems(text)).toEqual([message]));

  it('is told all at once, in the order of the lines', () => {
    expect(problems('period: 0\nqueue: {frames: 0}\nsteps: 1\nchannel: X')).toEqual([
      expect.stringMatching(/^p\.yaml:1: period/),
      expect.stringMatching(/^p\.yaml:2: queue\.frames/),
      expect.stringMatching(/^p\.yaml:3: steps/),
    ]);
  });
});

describe('options', () => {
  const option = (option: string, path: Override['path'], value: unknown): Override => ({ option, path, value });

  it('go before the file', () => {
    const overrides = [option('--frames', ['queue', 'frames'], 9), option('--period', ['period'], undefined)];
    expect(read('{channel: X, queue: {frames: 3, onFull: fail}, period: 7}', overrides)).toMatchObject({
      queue: { frames: 9, onFull: 'fail' },
      period: 1,
    });
    expect(read('channel: X', overrides).queue).toMatchObject({ frames: 9 });
    expect(
      read('{channel: X, steps: [{level: 1}, {level: 2}]}', [option('-l', ['steps', 1, 'level'], 5)]).steps,
    ).toEqual([{ level: 1 }, { level: 5 }]);
  });

  it('are enough without a file', () => {
    expect(new Configuration(undefined, [option('-c', ['channel'], 'Y')]).read(schema)).toMatchObject({ channel: 'Y' });
    expect(() => new Configuration(undefined).read(schema)).toThrow('channel: missing. Expected the name of a channel');
  });

  it('that are wrong alone are a wrong command line', () => {
    const failure = (text: string, ...overrides: Override[]) => {
      const configuration = new Configuration(text === '' ? undefined : parseConfig(text, 'p.yaml'), overrides);
      return expect(() => configuration.read(schema));
    };
    failure('channel: X', option('-p', ['period'], 0)).toThrow(expect.objectContaining({ code: 'PVAFLOW_USAGE' }));
    failure('channel: 3', option('-p', ['period'], 0)).toThrow(expect.objectContaining({ code: 'PVAFLOW_CONFIG' }));
    failure('').toThrow(expect.objectContaining({ code: 'PVAFLOW_USAGE' }));
  });

  it('take the place of a file', () => {
    const configuration = new Configuration(parseConfig('channel: X', 'p.yaml'), [option('-s', ['steps'], [])]);
    expect(configuration.fileOf(['channel'])).toBe('p.yaml');
    expect(configuration.fileOf(['steps'])).toBeUndefined();
  });

  it('are named where one is missing', () => {
    const optionAt = (path: readonly unknown[]) => (path.join() === 'channel' ? '--channel' : undefined);
    expect(() => new Configuration(undefined, [], optionAt).read(schema)).toThrow('--channel: missing.');
  });

  it('are named where they are wrong', () => {
    const overrides = [option('--frames', ['queue', 'frames'], 0), option('--args', ['queue'], { frmaes: 1 })];
    expect(problems('channel: X\nperiod: 0', overrides.slice(0, 1))).toEqual([
      '--frames: expected a whole number from 1 on, found 0',
      expect.stringMatching(/^p\.yaml:2: period/),
    ]);
    expect(problems('channel: X', overrides)).toEqual(['--args: frmaes: unknown key. Did you mean "frames"?']);
  });
});
