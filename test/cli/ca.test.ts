/** The commands that look at channels, over Channel Access: ca://NAME. */
import { beforeAll, describe, expect, test } from 'vitest';
import { caClientOf, type Environment } from '../peers/network.js';
import { usePeers } from '../peers/peers.js';
import { startIoc } from '../peers/python.js';
import { reachesNothing, runCommand } from './command.js';

const peers = usePeers();
let env: Environment;

beforeAll(async () => {
  const { place } = await startIoc(peers, 'x:', { database: 'ca_records.db' });
  env = { ...reachesNothing, ...caClientOf(place) };
});

describe('ca://NAME', () => {
  test('is read, beside channels that are not there', async () => {
    const { code, output, errors } = await runCommand(
      ['get', '-w', '2', 'ca://x:enum', 'pva://x:no', 'ca://x:double'],
      env,
    );
    expect(output).toEqual([
      expect.stringMatching(/^ca:\/\/x:enum \d{4}-\d\d-\d\d .* \(1\) moving$/),
      expect.stringMatching(/^ca:\/\/x:double .* 1.5$/),
    ]);
    expect([code, errors.length]).toEqual([3, 1]);
  });

  test('is written to: numbers, choices, arrays', async () => {
    const number = await runCommand(['put', 'ca://x:double', '2.25'], env);
    expect(number.output).toEqual([
      expect.stringMatching(/1.5$/),
      expect.stringMatching(/^New: ca:\/\/x:double .* 2.25$/),
    ]);
    const choice = await runCommand(['put', 'ca://x:enum', 'fault'], env);
    expect(choice.output.at(-1)).toMatch(/\(2\) fault$/);
    const array = await runCommand(['put', 'ca://x:array:short', '1', '-2', '3'].toSpliced(2, 0, '--'), env);
    expect(array.output.at(-1)).toMatch(/\[1, ?-2, ?3\]$/);
    const field = await runCommand(['put', 'ca://x:double', 'alarm.severity=1'], env);
    expect(field.code).toBe(2);
    expect(field.errors[0]).toContain('Channel Access sets the value alone, not alarm.severity');
  });

  test('is monitored', async () => {
    const { output } = await runCommand(['monitor', '--json', '-c', '3', 'ca://x:ramp'], env);
    const events = output.map(
      (line) => JSON.parse(line) as { channel: string; event: string; value?: { value: number } },
    );
    expect(events.map(({ event }) => event)).toEqual(['connected', 'update', 'update', 'update']);
    const [, first, second] = events;
    expect(second?.value?.value).toBe((first?.value?.value ?? NaN) + 1);
    expect(first?.channel).toBe('ca://x:ramp');
  });

  test('is described', async () => {
    const { output } = await runCommand(['info', 'ca://x:array:double'], env);
    expect(output.slice(0, 3)).toEqual(['ca://x:array:double', 'epics:nt/NTScalarArray:1.0', '    double[] value']);
  });

  test('has no request', async () => {
    const { code, errors } = await runCommand(['get', '-r', 'field(value)', 'ca://x:double'], env);
    expect(code).toBe(2);
    expect(errors[0]).toContain('ca://x:double: Channel Access has no requests');
    const { output } = await runCommand(['get', '--json', '--field', 'display.units', 'ca://x:double'], env);
    expect(JSON.parse(output[0] ?? '')).toEqual({ channel: 'ca://x:double', value: { 'display.units': 'mm' } });
  });
});
