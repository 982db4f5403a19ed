import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { simKind } from '../../src/cli/config-kinds/sim-server.js';
import { mirrorKind } from '../../src/cli/config-kinds/mirror-server.js';
import { addCollectorOptions } from '../../src/cli/collector/options.js';
import { collectorSettings } from '../../src/cli/collector/settings.js';
import { consumerSettings } from '../../src/cli/consumer-settings.js';
import { addConsumerOptions } from '../../src/cli/consumer-options.js';
import { addMirrorOptions, mirrorPlaces } from '../../src/cli/mirror-server.js';
import { readSettings, type OptionSettings } from '../../src/cli/settings.js';
import { expandShortOptions } from '../../src/cli/short-options.js';
import { addSplitterOptions } from '../../src/cli/splitter/options.js';
import { splitterSettings } from '../../src/cli/splitter/settings.js';
import { addSimOptions, dependentOverrides, simPlaces } from '../../src/cli/sim-server/options.js';
import { jsonSchemaOf, memberOf, type JsonSchema } from '../../src/core/schema/json-schema.js';

const folder = mkdtempSync(join(tmpdir(), 'pvaflow-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A command, how its options become settings, and a file and a command line that ask for the same. */
interface Case {
  readonly addOptions: (command: Command) => void;
  readonly how: OptionSettings<object, z.ZodType>;
  /** Options that say something together, and the settings that it is about. */
  readonly combined: Readonly<Record<string, string>>;
  /** Options without a setting, and why. */
  readonly without: Readonly<Record<string, string>>;
  /** The least that must be given. */
  readonly least: readonly string[];
}

const config = 'it names the file that has the settings';

/** What several options say together in each command that takes a stream. */
const streamCombined = {
  onFull: 'output.onFull',
  inputOnFull: 'input.queue.onFull',
  outputOnFull: 'output.onFull',
  receiverQueueSize: 'input.queue.frames',
  receiverQueueBytes: 'input.queue.bytes',
  processorFile: 'processors.file',
  processorClass: 'processors.class',
  processorArgs: 'processors.config',
};

/** … and in those with one input. */
const singleInputCombined = {
  accumulateObjects: 'input.queue.accumulate.objects',
  accumulationTimeout: 'input.queue.accumulate.timeout',
  distributorPluginName: 'distribute.plugin',
  distributorGroup: 'distribute.group',
  distributorSet: 'distribute.set',
  distributorTrigger: 'distribute.trigger',
  distributorUpdates: 'distribute.updates',
  nDistributorSets: 'distribute.sets',
};

const cases: Readonly<Record<string, Case>> = {
  consumer: {
    addOptions: addConsumerOptions,
    how: consumerSettings as never,
    combined: {
      ...streamCombined,
      ...singleInputCombined,
    },
    without: { config },
    least: ['-ic', 'x'],
  },
  collector: {
    addOptions: addCollectorOptions,
    how: collectorSettings as never,
    combined: streamCombined,
    without: { config },
    least: ['-ic', 'p:*'],
  },
  splitter: {
    addOptions: addSplitterOptions,
    how: splitterSettings as never,
    combined: {
      ...streamCombined,
      ...singleInputCombined,
      sequentialUpdates: 'split.updates',
      hash: 'split.hash',
      tiles: 'split.tiles',
      nOutputs: 'output.number',
      outputIdList: 'output.ids',
    },
    without: { config },
    least: ['-ic', 'x', '-oc', 'y:*'],
  },
  'mirror-server': {
    addOptions: addMirrorOptions,
    how: { kind: mirrorKind, places: mirrorPlaces },
    combined: {},
    without: { config },
    least: ['-cm', '(m,s)'],
  },
  'sim-server': {
    addOptions: addSimOptions,
    how: { kind: simKind, places: simPlaces, combined: dependentOverrides } as never,
    combined: { notifyPvValue: 'notify.value' },
    without: {
      config,
      mmapMode: 'nothing changes',
    },
    least: [],
  },
};

function newCommand(name: string): { program: Command; command: Command } {
  const program = new Command();
  const command = program.command(name).exitOverride();
  cases[name]?.addOptions(command);
  return { program, command };
}

function settle(name: string, ...args: string[]): Record<string, unknown> {
  const { program, command } = newCommand(name);
  let settings: unknown;
  command.action((options: object) => {
    ({ settings } = readSettings(command, options, (cases[name] as Case).how));
  });
  program.parse(expandShortOptions(program, [name, ...args]), { from: 'user' });
  return settings as Record<string, unknown>;
}

function file(text: string): string {
  const path = join(folder, 'config.yaml');
  writeFileSync(path, text);
  return path;
}

describe.each(Object.entries(cases))('pvaflow %s', (name, { how, combined, without, least }) => {
  const { command } = newCommand(name);
  const schema = jsonSchemaOf(how.kind.schema);
  const places = Object.entries<{ path: readonly (string | number)[] }>(how.places as never);

  it('has a setting for every option, or says why not', () => {
    const known = [...places.map(([option]) => option), ...Object.keys(combined), ...Object.keys(without)];
    expect(known.sort()).toEqual(command.options.map((option) => option.attributeName()).sort());
  });

  it('has only settings that its schema knows', () => {
    const paths = [...places.map(([, { path }]) => path.join('.')), ...Object.values(combined)];
    expect(paths.filter((path) => !has(schema, path.split('.')))).toEqual([]);
  });

  it('has the defaults of the schema', () => {
    const settings = settle(name, ...least);
    for (const option of command.options) {
      const place = places.find(([attribute]) => attribute === option.attributeName())?.[1];
      if (place === undefined || option.defaultValue === undefined) continue;
      const { read = (value: unknown) => value } = place as { read?: (value: unknown) => unknown };
      const inSchema = place.path.reduce<unknown>(memberOf, settings);
      if (inSchema === undefined) continue; // what is not given is up to what it is given to
      expect({ [option.flags]: read(option.defaultValue) }).toEqual({ [option.flags]: inSchema });
    }
  });

  it('refuses a file that is for another command, and says for which', () => {
    const other = name === 'sim-server' ? 'mirror-server' : 'sim-server';
    const path = file(`# for something else\nkind: ${other}\n`);
    expect(() => settle(name, '--config', path, ...least)).toThrow(
      `${path}:2: kind: it configures a ${other}: pvaflow ${other} --config ${path}, or kind: ${name}`,
    );
  });
});

describe('the command line and a file ask for the same', () => {
  it('of a collector', () => {
    const text = `
kind: collector
id: 3
producers: [1, 2, 3]
idFormat: 02d
input: { channel: 'p:*', idField: id, idOffset: 2, fields: [value], skipInitial: 0, serverQueue: 9, queue: { frames: 50, onFull: fail } }
order: { frames: 30, timeout: 2s, onFull: release, watermark: false, tiles: 4 }
processors: [{ class: PassThrough }]
output: { channel: out, onFull: dropOldest, passOn: true }
status: { channel: _, period: 500ms }
control: { channel: _ }
metadata: { channels: [pva://m] }
runtime: 1min
report: { period: 5, stats: [order], plain: true, file: r.json, failOnLoss: true }
`;
    const input = [
      '-ic',
      'p:*',
      '-pid',
      'range(1,4)',
      '-id',
      '3',
      '-ifs',
      '02d',
      '-of',
      'id',
      '-oo',
      '2',
      '-fr',
      'value',
    ];
    const queue = ['-siu', '0', '-sqs', '9', '-rqs', '50', '--on-full', 'dropOldest', '--input-on-full', 'fail'];
    const order = [
      '-ccs',
      '30',
      '--cache-timeout',
      '2',
      '--cache-on-full',
      'release',
      '--no-watermark',
      '--tiles',
      '4',
    ];
    const output = ['-pc', 'PassThrough', '-oc', 'out', '--pass-on', '-sc', '_', '--status-period', '0.5', '-cc', '_'];
    const run = ['-mc', 'pva://m', '-rt', '60', '-rp', '5', '-rs', 'order', '-dc', '--report-file', 'r.json'];
    expect(settle('collector', ...input, ...queue, ...order, ...output, ...run, '--fail-on-loss')).toEqual(
      settle('collector', '--config', file(text)),
    );
    expect(() => settle('collector')).toThrow('--input-channel: missing. Expected the name of a channel');
  });

  it('of a splitter', () => {
    const text = `
kind: splitter
id: 3
idFormat: 02d
input: { channel: 'in:*', mode: pvas, args: { maxWaiting: 7 }, idField: id, idOffset: 5, skipInitial: 0, queue: { frames: 50, accumulate: { objects: 9 } } }
processors: [{ class: PassThrough }]
split: { hash: timeStamp.userTag }
output: { channel: 'out:*', ids: [4, 5], args: { queueFrames: 3 }, onFull: dropOldest, policies: [wait, dropNewest] }
distribute: { group: g, set: s, updates: 4, sets: 2, trigger: id }
status: { channel: _, period: 500ms }
control: { channel: _ }
metadata: { channels: [pva://m] }
report: { stats: [output], failOnLoss: true }
`;
    const input = ['-ic', 'in:*', '-im', 'pvas', '-ia', '{"maxWaiting":7}', '-of', 'id', '-oo', '5', '-siu', '0'];
    const queue = ['-rqs', '50', '-ao', '9', '--output-on-full', 'dropOldest', '-oa', '{"queueFrames":3}'];
    const split = ['--hash', 'timeStamp.userTag', '-oc', 'out:*', '--output-id-list', '4,5'];
    const share = [
      '-dg',
      'g',
      '-ds',
      's',
      '-du',
      '4',
      '-nds',
      '2',
      '-dt',
      'id',
      '-pc',
      'PassThrough',
      '-mc',
      'pva://m',
    ];
    const others = ['--output-policies', 'wait,dropNewest', '-sc', '_', '--status-period', '0.5', '-cc', '_'];
    const run = ['-id', '3', '-ifs', '02d', '-rs', 'output', '--fail-on-loss'];
    expect(settle('splitter', ...input, ...queue, ...split, ...share, ...others, ...run)).toEqual(
      settle('splitter', '--config', file(text)),
    );
    expect(settle('splitter', '--config', file(text), '--tiles', '3x2', '-no', '6')).toMatchObject({
      split: { tiles: '3x2' },
      output: { channel: 'out:*', number: 6 },
    });
    expect(() => settle('splitter', '-ic', 'x')).toThrow('--output-channel: missing. Expected the name of a channel');
    const both = ['-ic', 'x', '-oc', 'y:*', '--tiles', '2x2', '-su', '3'];
    expect(() => settle('splitter', ...both)).toThrow('--sequential-updates and --tiles: it can be split in one way');
  });

  it('of a mirror server', () => {
    const text = `
kind: mirror-server
channels:
  - { mirror: m, source: s, queueSize: 100, monitors: 2, request: '_[pydistributor=updates:1]' }
  - { mirror: n, source: IOC:x, provider: ca }
subscribers: { onFull: dropOldest, queue: { frames: 9, bytes: 1MiB } }
runtime: 1min
drainTimeout: 2
report: { period: 500ms }
metrics: { port: 9105 }
log: { level: debug }
`;
    const map = '(m,s,pva,100,2,_[pydistributor=updates:1]),(n,ca://IOC:x)';
    const options = ['--on-full', 'dropOldest', '--server-queue-size', '9', '--server-queue-bytes', '1MiB'];
    const run = ['-rt', '60', '--drain-timeout', '2', '-rp', '0.5', '--metrics', '9105', '-ll', 'debug'];
    expect(settle('mirror-server', '-cm', map, ...options, ...run)).toEqual(
      settle('mirror-server', '--config', file(text)),
    );
  });

  it('of a simulator', () => {
    const text = `
kind: sim-server
channel: det:image
image: { nx: 8, ny: 9, type: int16, colorMode: 3, pattern: random, minimum: -3, maximum: 4 }
frames: { distinct: 7, kept: 20, bytes: 1MiB }
rate: 0
count: 5
runtime: 1min
awaitSubscribers: 2
startDelay: 1
shutdownDelay: 200ms
subscribers: { onFull: dropNewest, queue: { frames: 9, bytes: 2MiB } }
metadata: { channels: [pva://a, pva://b] }
notify: { channel: det:acquire, value: 'on' }
report: { frames: 0, plain: true }
network: { server: { threads: 2 } }
`;
    const image = ['-nx', '8', '-ny', '9', '-dt', 'int16', '-cm', '3', '--pattern', 'random', '-mn', '-3', '-mx', '4'];
    const frames = ['-nf', '7', '-cs', '20', '--cache-bytes', '1MiB', '-fps', '-1', '--count', '5', '-rt', '60'];
    const delays = ['--await-subscribers', '2', '-std', '1', '-shd', '0.2', '-rp', '0', '-dc', '--server-threads', '2'];
    const queue = ['--on-full', 'dropNewest', '--server-queue-size', '9', '--server-queue-bytes', '2MiB'];
    const others = ['-cn', 'det:image', '-mpv', 'pva://a,pva://b', '-npv', 'det:acquire', '-nvl', 'on'];
    expect(settle('sim-server', ...image, ...frames, ...delays, ...queue, ...others)).toEqual(
      settle('sim-server', '--config', file(text)),
    );
  });

  it('and a value for a channel that is not there means nothing', () => {
    expect(settle('sim-server', '-nvl', 'on')).toEqual(settle('sim-server'));
  });

  it('and what is missing is named by its option, or by its key', () => {
    expect(() => settle('mirror-server')).toThrow('--channel-map: missing. Expected a list');
    const path = file('kind: mirror-server\n');
    expect(() => settle('mirror-server', '--config', path)).toThrow(`${path}:1: channels: missing. Expected a list`);
    expect(() => settle('sim-server', '--config', file('kind: sim\n'))).toThrow(
      /config\.yaml:1: kind: expected sim-server, found "sim"/,
    );
  });
});

/** Whether a schema has this key, in lists too. */
function has(schema: JsonSchema, [key, ...rest]: readonly string[]): boolean {
  const alternatives = (schema.anyOf ?? [schema]).map((each) => each.items ?? each);
  if (key === undefined) return true;
  return alternatives.some((each) => {
    const member = each.properties?.[key];
    return member !== undefined && has(member, rest);
  });
}
