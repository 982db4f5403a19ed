import { describe, expect, test } from 'vitest';
import { NtScalar } from '../../src/pva/normative/nt-scalar.js';
import { PvaServer } from '../../src/pva/server.js';
import { serveChannels } from './channels.js';
import { reachesNothing, runCommand, startCommand } from './command.js';

const { env, number, text } = serveChannels();

describe('pvaflow monitor', () => {
  test('prints every change until it has enough', async () => {
    await using command = await startCommand(['monitor', '--count', '3', 'X:number', 'X:text'], env);
    await Promise.all([command.line(/^X:number .* 21.5$/), command.line(/^X:text .* "sample 7"$/)]);
    await number.post({ value: 22 });
    expect(await command.exited).toEqual({ code: 0, signal: null });
    expect(command.output[2]).toMatch(/^X:number .* 22$/);
    expect(command.output).toHaveLength(3);
  });

  test('--json prints events and updates as documents, each on a line', async () => {
    await using command = await startCommand(['monitor', '--json', 'X:text'], env);
    await command.line(/"sample 7"/);
    await text.post({ value: 'two\nlines' });
    await command.line(/two/);
    command.kill('SIGINT');
    expect(await command.exited).toEqual({ code: 0, signal: null });
    expect(command.output.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { channel: 'X:text', event: 'connected' },
      { channel: 'X:text', event: 'update', value: { value: 'sample 7' } },
      { channel: 'X:text', event: 'update', value: { value: 'two\nlines' } },
    ]);
  });

  test('tells that a server went and came back', async () => {
    const serve = (port: number, value: number) => {
      const server = new PvaServer({ interfaces: ['127.0.0.1'], port, useEnvironment: false });
      server.addChannel('Y:value', NtScalar.from(value));
      return server;
    };
    const first = serve(0, 1);
    const { port } = first;
    const here = { EPICS_PVA_AUTO_ADDR_LIST: 'NO', EPICS_PVA_NAME_SERVERS: `127.0.0.1:${port}` };
    await using command = await startCommand(['monitor', 'Y:value'], here);
    await command.line(/^Y:value .* 1$/);
    first.close();
    await command.line(/^Y:value: disconnected; waiting for it to come back$/);
    using _second = serve(port, 2);
    await command.line(/^Y:value: connected again$/);
    await command.line(/^Y:value .* 2$/);
  });

  test('ends in silence when the reader of its output has gone', async () => {
    await using command = await startCommand(['monitor', 'X:number'], env);
    await command.line(/^X:number /);
    command.closeOutput();
    const posts = setInterval(() => void number.post({ value: Math.random() }), 20);
    try {
      expect(await command.exited).toEqual({ code: 0, signal: null });
    } finally {
      clearInterval(posts);
    }
    expect(command.lines).toEqual(command.output);
  });

  test('gives up when it is told to', async () => {
    const { code, errors } = await runCommand(['monitor', '-w', '0.3', 'X:none'], reachesNothing);
    expect(code).toBe(3);
    expect(errors.join('\n')).toMatch(
      /error PVAFLOW_TIMEOUT: X:none: no server answered in 0.3 s \(searched .*\)\. Check the name; pvaflow list shows what is served\./,
    );
  });

  test('waits for ever otherwise, and says so after five seconds', async () => {
    await using command = await startCommand(['monitor', 'X:none'], env);
    expect(await command.line(/^waiting for/)).toMatch(
      /^waiting for X:none: no server answered in 5 s \(searched .*\)\. Still trying; pvaflow list shows what is served\.$/,
    );
  });
});
