import { describe, expect, it } from 'vitest';
import { metricsAddress } from '../../src/cli/metrics-options.js';
import { NtNdArray } from '../../src/pva/normative/nt-nd-array.js';
import { PvaServer } from '../../src/pva/server.js';
import { frameOf } from '../hpc/stream.js';
import type { Peer } from '../peers/peer.js';
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

/** Where a command serves its figures, once it does. */
async function metricsOf(command: Peer): Promise<{ readonly url: string; readonly ready: URL }> {
  const [url = ''] = /http:\S+/.exec(await command.line(/serving http/)) ?? [];
  return { url, ready: new URL('/ready', url) };
}

/** Asks until all of these lines are served. */
async function served(url: string, ...lines: string[]): Promise<string> {
  let text: string;
  do text = await (await fetch(url)).text();
  while (!lines.every((line) => text.includes(`\n${line}\n`)));
  return text;
}

describe('--metrics', () => {
  it('serves figures and readiness of a consumer while it runs', async () => {
    using source = new PvaServer({ isolated: true });
    await using command = await startCommand(['consumer', '-ic', 'm:image', '--metrics', '0'], reaches(source));
    const { url, ready } = await metricsOf(command);
    const before = await fetch(ready);
    expect([before.status, await before.text()]).toEqual([503, expect.stringMatching(/^consumer 1: /)]);
    const input = source.addChannel('m:image', new NtNdArray());
    while ((await fetch(ready)).status !== 200);
    await input.post(frameOf(1));
    const text = await served(url, 'pvaflow_frames_processed_total{consumer="1"} 1');
    expect(text).toMatch(/^process_resident_memory_bytes\{consumer="1"\} \d+$/m);
    command.kill('SIGINT');
    expect(await command.exited).toMatchObject({ code: 0 });
  });

  it('serves those of several consumers together, ready when all are', async () => {
    using source = new PvaServer({ isolated: true });
    const input = source.addChannel('m:image', new NtNdArray());
    const args = ['consumer', '-ic', 'm:image', '-nc', '2', '--metrics', '0', '-dc'];
    await using command = await startCommand(args, reaches(source));
    const { url, ready } = await metricsOf(command);
    while ((await fetch(ready)).status !== 200);
    const processed = [1, 2].map(
      (id) => new RegExp(`^pvaflow_frames_processed_total\\{consumer="${id}"\\} [1-9]`, 'm'),
    );
    let text: string;
    let id = 0;
    do {
      await input.post(frameOf((id += 1))); // the first that each gets is what the channel held
      text = await (await fetch(url)).text();
    } while (!processed.every((line) => line.test(text)));
    for (const consumer of [1, 2])
      expect(text).toMatch(new RegExp(`^process_resident_memory_bytes\\{consumer="${consumer}"\\} \\d+$`, 'm'));
    command.kill('SIGINT');
    expect(await command.exited).toMatchObject({ code: 0 });
  });

  it('serves those of a collector and its producers', async () => {
    using source = new PvaServer({ isolated: true });
    const first = source.addChannel('p:1:image', new NtNdArray());
    await using command = await startCommand(['collector', '-ic', 'p:*:image', '--metrics', '0'], reaches(source));
    const { url, ready } = await metricsOf(command);
    await served(url, 'pvaflow_collector_producer_connected{collector="1",producer="1"} 1');
    const before = await fetch(ready);
    expect([before.status, await before.text()]).toEqual([503, 'collector 1: p:2:image is not connected\n']);
    const second = source.addChannel('p:2:image', new NtNdArray());
    while ((await fetch(ready)).status !== 200);
    const received = [1, 2].map(
      (id) => new RegExp(`^pvaflow_collector_producer_received_total\\{collector="1",producer="${id}"\\} [1-9]`, 'm'),
    );
    let text: string;
    let id = 0;
    do {
      for (const input of [first, second]) await input.post(frameOf((id += 1)));
      text = await (await fetch(url)).text();
    } while (!received.every((line) => line.test(text)));
    command.kill('SIGINT');
    expect(await command.exited).toMatchObject({ code: 0 });
  });
});
