import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, describe, expect, test } from 'vitest';
import { addConsumerOptions, type ConsumerOptions } from '../../src/cli/consumer-options.js';
import { consumerRun, type ConsumerRun } from '../../src/cli/consumer-settings.js';
import { expandShortOptions } from '../../src/cli/short-options.js';

const folder = mkdtempSync(join(tmpdir(), 'pvaflow-settings-'));
afterAll(() => rmSync(folder, { recursive: true }));

function newCommand(): { program: Command; command: Command } {
  const program = new Command();
  const command = program.command('consumer').exitOverride();
  addConsumerOptions(command);
  return { program, command };
}

/** What these arguments ask for. */
function settle(...args: string[]): ConsumerRun {
  const { program, command } = newCommand();
  let result: ConsumerRun | undefined;
  command.action((options: ConsumerOptions) => void (result = consumerRun(command, options)));
  program.parse(expandShortOptions(program, ['consumer', ...args]), { from: 'user' });
  return result as ConsumerRun;
}

function file(text: string): string {
  const name = join(folder, 'pipeline.yaml');
  writeFileSync(name, text);
  return name;
}

const commandLine = [
  ...['--server-threads', '2'],
  ...['-ic', 'in:*', '-oc', 'out:*', '-sc', '_', '-cc', 'control:*', '-id', '3', '-nc', '2', '-ifs', '03d'],
  ...['-of', 'id', '-fr', 'value,timeStamp', '-siu', '0', '-sqs', '7', '-rqs', '20', '--receiver-queue-bytes', '1MiB'],
  ...['-ao', '5', '-at', '2', '--on-full', 'dropOldest', '--input-on-full', 'fail', '--pass-on'],
  ...[
    '-dg',
    'g',
    '-ds',
    's',
    '-dt',
    'id',
    '-du',
    '4',
    '-nds',
    '3',
    '-rt',
    '60',
    '-rp',
    '5',
    '-rs',
    'user,queue',
    '-dc',
  ],
  ...['--status-period', '0.5', '--drain-timeout', '9', '--report-file', 'r.json', '--fail-on-loss', '--threads'],
  ...['--metrics', '9100', '-ll', 'debug', '-lf', 'log.txt', '--log-format', 'json', '--max-restarts', '3'],
  ...[
    '--end-of-acquisition',
    'count=100',
    '-mc',
    'pva://a, ca://b',
    '-pc',
    'AdImageThreshold',
    '-pa',
    '{"level":3}',
    '-pc',
    'PassThrough',
  ],
];

const text = `
id: 3
consumers: 2
idFormat: 03d
threads: true
maxRestarts: 3
input:
  channel: 'in:*'
  idField: id
  fields: [value, timeStamp]
  skipInitial: 0
  serverQueue: 7
  queue: { frames: 20, bytes: 1MiB, onFull: fail, accumulate: { objects: 5, timeout: 2s } }
processors:
  - { class: AdImageThreshold, config: { level: 3 } }
  - { class: PassThrough }
output: { channel: 'out:*', onFull: dropOldest, passOn: true }
status: { channel: _, period: 500ms }
control: { channel: 'control:*' }
distribute: { group: g, set: s, trigger: id, updates: 4, sets: 3 }
metadata: { channels: [pva://a, ca://b] }
endOfAcquisition: { count: 100 }
network: { server: { threads: 2 } }
runtime: 1min
drainTimeout: 9
report: { period: 5, stats: [user, queue], plain: true, file: r.json, failOnLoss: true }
metrics: { port: 9100 }
log: { level: debug, file: log.txt, format: json }
`;

describe('the command line and a file', () => {
  test('ask for the same', () => {
    const fromFile = settle('--config', file(text));
    expect(settle(...commandLine)).toEqual(fromFile);
    expect(fromFile.configs.map(({ consumerId, channels }) => [consumerId, channels.status])).toEqual([
      [3, 'pvapy:consumer:003:status'],
      [4, 'pvapy:consumer:004:status'],
    ]);
  });

  test('together: options go before the file, all other things stay', () => {
    const { settings } = settle(
      '--config',
      file(text),
      '-rqs',
      '99',
      '-nc',
      '1',
      '-du',
      '8',
      '--on-full',
      'wait',
      '-rt',
      '0',
    );
    expect(settings).toMatchObject({
      consumers: 1,
      input: { queue: { frames: 99, bytes: 2 ** 20, onFull: 'wait', accumulate: { objects: 5 } } },
      output: { channel: 'out:*', onFull: 'wait' },
      distribute: { group: 'g', updates: 8 },
      runtime: 0,
    });
    expect(settle('--config', file(text), '-rqs', '-1').settings.input.queue).toBe('none');
    expect(settle('--config', file(text), '-ao', '-1').settings.input.queue).not.toHaveProperty('accumulate');
  });

  test('together: processors of the command line take the place of those in the file', () => {
    const named = file('input: { channel: x }\nprocessors:\n  - { file: a.ts, config: { level: 1, mode: fast } }\n');
    expect(settle('--config', named).configs[0]?.processors).toMatchObject([
      { file: join(folder, 'a.ts'), args: { level: 1, mode: 'fast' } },
    ]);
    expect(settle('--config', named, '-pf', 'b.ts').configs[0]?.processors).toMatchObject([{ file: 'b.ts', args: {} }]);
    expect(settle('--config', named, '-pa', '{"level": 2}').configs[0]?.processors).toMatchObject([
      { file: join(folder, 'a.ts'), args: { level: 2, mode: 'fast' } },
    ]);
  });

  test("take the offset of the ids that pvaPy's users write among the arguments of a processor", () => {
    const args = ['-ic', 'x', '-pc', 'PassThrough', '-pa', '{"a": 1, "objectIdOffset": "25"}'];
    expect(settle(...args).configs[0]).toMatchObject({ objectIdOffset: 25, processors: [{ args: { a: 1 } }] });
    expect(settle(...args).configs[0]?.processors?.[0]?.args).not.toHaveProperty('objectIdOffset');
    expect(settle(...args, '-oo', '7').configs[0]).toMatchObject({ objectIdOffset: 7 });
    expect(() => settle('-ic', 'x', '-pc', 'PassThrough', '-pa', '{"objectIdOffset": "far"}')).toThrow(
      '--processor-args: expected a whole number',
    );
  });

  test('say where they are wrong', () => {
    const wrong = file('input:\n  chanel: x\nstatus: { period: 0 }\n');
    expect(() => settle('--config', wrong, '-ic', 'x', '-nc', '99999')).toThrow(
      [
        '--n-consumers: expected a whole number from 1 to 10000, found 99999',
        `${wrong}:2: input.chanel: unknown key. Did you mean "channel"?`,
        `${wrong}:3: status.period: expected a time above 0, in seconds or such as 500ms, 10min, found 0`,
      ].join('\n'),
    );
    expect(() => settle('--config', join(folder, 'none.yaml'))).toThrow(/none\.yaml does not exist/);
    expect(() => settle()).toThrow('--input-channel: missing. Expected the name of a channel');
    expect(() => settle('-ic', 'x', '-pa', '{"level":1}')).toThrow(/^--processor-args: there is not one processor/);
  });
});
