/** Monitors over Channel Access, of the records of a real IOC. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CaClient, type MonitorEvent } from 'pvaflow';
import { captureLog } from '../../src/core/logger.js';
import { ourCaClientOf } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { startIoc, type PeerServer } from '../peers/python.js';
import { Reader } from '../pva/clients.js';
import { until } from '../pva/serving.js';

const peers = usePeers();
const startRecords = (at?: PeerServer['place']) =>
  startIoc(peers, 's:', { database: 'ca_records.db', ...(at && { at }) });
let server: PeerServer;
let client: CaClient;

beforeAll(async () => {
  server = await startRecords();
  client = new CaClient(ourCaClientOf(server.place));
});
afterAll(() => client.close());

describe('a monitor', () => {
  it('begins with the connection and a complete value, and goes on with what changes', async () => {
    using subscription = client.monitor('s:double');
    const reader = new Reader(subscription);
    const { peer } = await reader.until('connected');
    expect(peer).toMatch(new RegExp(`:${server.place.caPort}$`));
    const { value: first } = await reader.until('update');
    expect(first.isChanged('display.units')).toBe(true);
    await client.put('s:double', 2.5);
    const { value: second } = await reader.until('update');
    expect(second.get('value')).toBe(2.5);
    expect(second.get('display.units')).toBe('mm');
    expect(second.isChanged('value')).toBe(true);
    expect(second.isChanged('display')).toBe(false);
  });

  it('sends the value again when its units change', async () => {
    using subscription = client.monitor('s:long');
    const reader = new Reader(subscription);
    await reader.until('update');
    await client.put('s:long.EGU', 'pulses');
    const { value } = await reader.until('update');
    expect(value.get('display.units')).toBe('pulses');
    expect(value.isChanged('display')).toBe(true);
    expect(value.get('value')).toBe(42);
  });

  it('sends choices again when they change', async () => {
    using subscription = client.monitor('s:enum');
    const reader = new Reader(subscription);
    await reader.until('update');
    await client.put('s:enum.TWST', 'broken');
    const { value } = await reader.until('update');
    expect(value.get('value.choices')).toEqual(['idle', 'moving', 'broken']);
    expect(value.isChanged('value.choices')).toBe(true);
  });

  it('sees an alarm without a change of the value', async () => {
    await client.put('s:double', 9);
    using subscription = client.monitor('s:double');
    const reader = new Reader(subscription);
    expect((await reader.until('update')).value.alarm.severityName).toBe('MAJOR');
    await client.put('s:double.HHSV', 'MINOR');
    await client.put('s:double.PROC', 1);
    const { value } = await reader.until('update');
    expect(value.alarm.severityName).toBe('MINOR');
    expect(value.get('value')).toBe(9);
  });

  it('gives arrays as long as they are', async () => {
    using subscription = client.monitor('s:array:double');
    const reader = new Reader(subscription);
    expect((await reader.until('update')).value.get('value')).toHaveLength(0);
    await client.put('s:array:double', [1, 2, 3]);
    expect((await reader.until('update')).value.get('value')).toEqual(Float64Array.of(1, 2, 3));
    await client.put('s:array:double', [4]);
    expect((await reader.until('update')).value.get('value')).toEqual(Float64Array.of(4));
  });

  it('reads a long string', async () => {
    using subscription = client.monitor('s:text.VAL$');
    const reader = new Reader(subscription);
    await reader.until('update');
    const text = 'a sentence that does not fit into forty characters';
    await client.put('s:text.VAL$', text);
    expect((await reader.until('update')).value.get('value')).toBe(text);
  });

  it('counts what its queue drops', async () => {
    using subscription = client.monitor('s:ramp', { queue: { frames: 2 } });
    await until(() => subscription.stats().dropped > 1);
    const { received, queued, dropped } = subscription.stats();
    expect(queued).toBe(2);
    expect(received).toBe(queued + dropped);
    const updates = subscription.take().filter((event) => event.type === 'update');
    expect(updates).toHaveLength(2);
  });

  it('does not wait: no server of Channel Access does', () => {
    expect(() => client.monitor('s:ramp', { queue: { onFull: 'wait' as never } })).toThrow('cannot be wait');
  });

  it('pauses and goes on', async () => {
    using subscription = client.monitor('s:long');
    const reader = new Reader(subscription);
    await reader.until('update');
    subscription.pause();
    expect(subscription.paused).toBe(true);
    await client.put('s:long', 1);
    await client.put('s:long', 2);
    subscription.resume();
    // nothing of 1: the first value after the pause is the present one
    expect((await reader.until('update')).value.get('value')).toBe(2);
  });

  it('wakes its taker once for many updates', async () => {
    const subscriptions = Array.from({ length: 50 }, () => client.monitor('s:ramp'));
    try {
      for (const subscription of subscriptions) {
        const reader = new Reader(subscription);
        await reader.until('update');
      }
      await until(() => subscriptions.every((one) => one.stats().received > 2));
    } finally {
      for (const subscription of subscriptions) subscription.close();
    }
  });

  it('ends when it is closed, and when its client is', async () => {
    const other = new CaClient(ourCaClientOf(server.place));
    const closed = other.monitor('s:ramp');
    await new Reader(closed).until('update');
    closed.close();
    expect(closed.closed).toBe(true);
    expect(closed.take()).toEqual([]);
    const left = other.monitor('s:ramp');
    const events: MonitorEvent[] = [];
    const reading = (async () => {
      for await (const event of left) {
        events.push(event);
        if (event.type === 'update') other.close();
      }
    })();
    await reading;
    expect(events.map(({ type }) => type)).toEqual(['connected', 'update']);
    expect(left.closed).toBe(true);
  });

  it('that waits for a channel is closed', () => {
    const waiting = client.monitor('s:nowhere');
    expect(waiting.take()).toEqual([]);
    waiting.close();
    expect(waiting.closed).toBe(true);
  });
});

it('says of which channels EPICS_CA_MAX_ARRAY_BYTES may keep updates away', async () => {
  vi.stubEnv('EPICS_CA_AUTO_ARRAY_BYTES', 'NO');
  vi.stubEnv('EPICS_CA_MAX_ARRAY_BYTES', '20000');
  const warnings: string[] = [];
  const end = captureLog('warn', ({ message }) => warnings.push(message));
  try {
    using limited = new CaClient({ ...ourCaClientOf(server.place), useEnvironment: true });
    using large = limited.monitor('s:array:large');
    using small = limited.monitor('s:array:double');
    await Promise.all([new Reader(large).until('update'), new Reader(small).until('update')]);
    await until(() => warnings.length > 0);
    expect(warnings).toEqual([expect.stringMatching(/^updates of s:array:large .* up to 8000016 bytes/)]);
  } finally {
    end();
    vi.unstubAllEnvs();
  }
});

describe('a server that is killed', () => {
  it('is found again, with what has changed meanwhile', async () => {
    const mortal = await startRecords();
    using other = new CaClient(ourCaClientOf(mortal.place));
    using subscription = other.monitor('s:double');
    const reader = new Reader(subscription);
    await reader.until('update');
    await other.put('s:double.EGU', 'inch');
    expect((await reader.until('update')).value.get('display.units')).toBe('inch');
    mortal.peer.kill('SIGKILL');
    await reader.until('disconnected');
    await mortal.peer.exited;
    await startRecords(mortal.place);
    await reader.until('connected');
    const { value } = await reader.until('update');
    expect(value.get('display.units')).toBe('mm');
    expect(value.isChanged('display.units')).toBe(true);
  });

  it('lets a put under way fail', async () => {
    const mortal = await startRecords();
    using other = new CaClient(ourCaClientOf(mortal.place));
    await other.get('s:long');
    mortal.peer.kill('SIGSTOP');
    const put = other.put('s:long', 7).then(
      () => 'put',
      (error: { code: string }) => error.code,
    );
    mortal.peer.kill('SIGKILL');
    expect(['PVAFLOW_DISCONNECTED', 'PVAFLOW_TIMEOUT']).toContain(await put);
  });
});
