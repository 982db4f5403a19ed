import { describe, expect, test } from 'vitest';
import { serveChannels } from './channels.js';
import { runCommand } from './command.js';

const { env } = serveChannels();

async function valueOf(channel: string): Promise<unknown> {
  const { output } = await runCommand(['get', '--json', channel], env);
  return (JSON.parse(output[0] ?? '') as { value: { value: unknown } }).value.value;
}

describe('pvaflow put', () => {
  test('prints the value before and after', async () => {
    const { code, output, errors } = await runCommand(['put', 'X:mode', 'On'], env);
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    expect(output).toEqual([
      expect.stringMatching(/^Old: X:mode .*\(0\) Off$/),
      expect.stringMatching(/^New: X:mode .*\(1\) On$/),
    ]);
  });

  test.each([
    ['X:number', ['--', '-4.25'], -4.25],
    ['X:count', ['9007199254740993'], '9007199254740993'],
    ['X:text', ['a = b'], 'a = b'],
    ['X:curve', ['4', '5.5'], [4, 5.5]],
    ['X:curve', ['[]'], []],
    ['X:number', ['value=7', 'alarm.severity=1'], 7],
    ['X:number', ['{"value": 8}'], 8],
  ])('%s %j', async (channel, words, value) => {
    const { code, output, errors } = await runCommand(['put', '--quiet', channel, ...words], env);
    expect({ code, output, errors }).toEqual({ code: 0, output: [], errors: [] });
    expect(await valueOf(channel)).toEqual(value);
  });

  test('--json prints both values in one document', async () => {
    const { output } = await runCommand(['put', '--json', 'X:text', 'new'], env);
    expect(JSON.parse(output[0] ?? '')).toMatchObject({ channel: 'X:text', after: { value: 'new' } });
  });

  test('refuses what the channel cannot hold, and leaves it as it is', async () => {
    const before = await valueOf('X:number');
    const { code, errors } = await runCommand(['put', 'X:number', 'warm'], env);
    expect({ code, errors }).toEqual({ code: 2, errors: ['error PVAFLOW_USAGE: value is a number: "warm" is none'] });
    expect(await valueOf('X:number')).toEqual(before);
  });
});
