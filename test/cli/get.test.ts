import { describe, expect, test } from 'vitest';
import { serveChannels } from './channels.js';
import { reachesNothing, runCommand } from './command.js';

const { env } = serveChannels();

describe('pvaflow get', () => {
  test('prints channels in the order in which they are named', async () => {
    const { code, output, errors } = await runCommand(['get', 'X:mode', 'X:number', 'X:curve'], env);
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    expect(output).toEqual([
      expect.stringMatching(/^X:mode \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} {2}\(0\) Off$/),
      expect.stringMatching(/^X:number .* 21\.5$/),
      expect.stringMatching(/^X:curve .*\[1, ?2, ?3\]$/),
    ]);
  });

  test('--json prints a document for each channel, with large integers exact', async () => {
    const { output } = await runCommand(['get', '--json', 'X:count', 'X:text'], env);
    expect(output.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { channel: 'X:count', value: { value: '1152921504606846976', alarm: { severity: 0 } } },
      { channel: 'X:text', value: { value: 'sample 7' } },
    ]);
  });

  test('-v prints the structure', async () => {
    const { output } = await runCommand(['get', '-v', 'X:number'], env);
    expect(output.slice(0, 3)).toEqual(['X:number', 'epics:nt/NTScalar:1.0', '    double value 21.5']);
  });

  test('--field prints the fields that were asked for and no others', async () => {
    const text = await runCommand(['get', '-v', '--field', 'value,alarm.severity', 'X:number'], env);
    expect(text.output).toEqual([
      'X:number',
      'epics:nt/NTScalar:1.0',
      '    double value 21.5',
      '    alarm_t alarm',
      '        int severity 0',
    ]);
    const json = await runCommand(['get', '--json', '--field', 'value', 'X:number'], env);
    expect(JSON.parse(json.output[0] ?? '')).toEqual({ channel: 'X:number', value: { value: 21.5 } });
  });

  test('--limit cuts arrays short', async () => {
    const { output } = await runCommand(['get', '--limit', '2', 'X:curve'], env);
    expect(output[0]).toMatch(/1, ?2, ?\.\.\./);
  });

  test('shows the channels that answer when one does not, and ends with 3', async () => {
    const { code, output, errors } = await runCommand(['get', '-w', '2', 'X:none', 'X:number'], env);
    expect(code).toBe(3);
    expect(output).toEqual([expect.stringMatching(/^X:number /)]);
    expect(errors.join('\n')).toMatch(/^error PVAFLOW_TIMEOUT: get X:none: no server answered in 2 s \(searched /m);
  });

  test('says where it searched when nothing is there', async () => {
    const { code, errors } = await runCommand(['get', '-w', '0.2', 'X:number'], reachesNothing);
    expect(code).toBe(3);
    expect(errors.join('\n')).toMatch(/no server answered in 0.2 s \(searched .*EPICS_PVA_ADDR_LIST=127\.0\.0\.1:1\b/);
  });

  test('refuses a request and fields together, and a request that is none', async () => {
    const both = await runCommand(['get', '-r', 'field()', '--field', 'value', 'X:number'], env);
    expect(both).toMatchObject({ code: 2, errors: ['error PVAFLOW_USAGE: give --request or --field, not both'] });
    const wrong = await runCommand(['get', '-r', 'field(', 'X:number'], env);
    expect(wrong.code).not.toBe(0);
    expect(wrong.errors[0]).toMatch(/^error PVAFLOW_REQUEST: /);
  });
});
