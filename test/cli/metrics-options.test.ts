import { describe, expect, it } from 'vitest';
import { metricsAddress } from '../../src/cli/metrics-options.js';
import { NtNdArray } from '../../src/pva/normative/nt-nd-array.js';
import { PvaServer } from '../../src/pva/server.js';
import { frameOf } from '../hpc/stream.js';
import { reaches, startCommand } from './command.js';

describe('metricsAddress', () => {
  it.each([
    ['9105', '127.0.0.1', 9105],
    ['0', '127.0.0.1', 0],
    ['0.0.0.0:9105', '0.0.0.0', 9105],
    [':9105', '0.0.0.0', 9105],
    ['[::1]:9105', '::1', 9105],
    ['detector-host:80', 'detector-host', 80],
  ])('reads %s', (text, host, port) => {
    expect(metricsAddress(text)).toEqual({ host, port });
  });

  it.each(['', 'x', '-1', '65536', '::1:5', 'host:', '1.5'])('refuses "%s"', (text) => {
    expect(() => metricsAddress(text)).toThrow('It must be a port');
  });
});

describe('pvaflow consumer --metrics', () => {
  it('serves figures and readiness while it runs', async () => {
    using source = new PvaServer({ isolated: true });
    await using command = await startCommand(['consumer', '-ic', 'm:image', '--metrics', '0'], reaches(source));
    const [url] = /http:\S+/.exec(await command.line(/serving http/)) ?? [];
    const ready = new URL('/ready', url);
    const before = await fetch(ready);
    expect([before.status, await before.text()]).toEqual([503, expect.stringMatching(/^consumer 1: /)]);
    const input = source.addChannel('m:image', new NtNdArray());
    while ((await fetch(ready)).status !== 200);
    await input.post(frameOf(1));
    let text: string;
    do text = await (await fetch(url as string)).text();
    while (!text.includes('\npvaflow_frames_processed_total{consumer="1"} 1\n'));
    expect(text).toMatch(/^process_resident_memory_bytes\{consumer="1"\} \d+$/m);
    command.kill('SIGINT');
    expect(await command.exited).toMatchObject({ code: 0 });
  });
});
