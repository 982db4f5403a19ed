import { describe, expect, test } from 'vitest';
import { serveChannels } from './channels.js';
import { runCommand } from './command.js';

const { env } = serveChannels();

describe('pvaflow info', () => {
  test('prints the fields and their types', async () => {
    const { code, output } = await runCommand(['info', 'X:mode'], env);
    expect(code).toBe(0);
    expect(output.slice(0, 6)).toEqual([
      'X:mode',
      'epics:nt/NTEnum:1.0',
      '    enum_t value',
      '        int index',
      '        string[] choices',
      '    alarm_t alarm',
    ]);
  });

  test('--json prints them as a document', async () => {
    const { output } = await runCommand(['info', '--json', 'X:number'], env);
    expect(JSON.parse(output[0] ?? '')).toMatchObject({
      channel: 'X:number',
      type: { kind: 'structure', id: 'epics:nt/NTScalar:1.0', fields: { value: 'double' } },
    });
  });
});
