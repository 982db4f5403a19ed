import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { configureLogging } from '../../src/core/logger.js';
import type { Consumer } from '../../src/hpc/consumer.js';
import type { PvaClient } from '../../src/pva/client.js';
import type { PvObject } from '../../src/pva/pv-object.js';
import { Stream, until } from './stream.js';

beforeAll(() => configureLogging({ level: 'silent' }));

const channels = { input: 'in:image', status: 'out:status', control: 'out:control' };
const file = fileURLToPath(new URL('fixtures/throws.ts', import.meta.url));

/** Puts a command and gives back what the channel says until a message is final. */
async function say(
  client: PvaClient,
  put: Record<string, unknown>,
  isFinal = /successful$|failed|set$|Ignoring/,
): Promise<PvObject[]> {
  using subscription = client.monitor('out:control');
  const said: PvObject[] = [];
  let isPut = false;
  for await (const event of subscription) {
    if (event.type !== 'update') continue;
    if (!isPut) {
      isPut = true; // the present value has come: what follows is the answer
      await client.put('out:control', put);
      continue;
    }
    said.push(event.value);
    const message = event.value.get<string>('statusMessage');
    if (event.value.isChanged('statusMessage') && message !== 'Command successful' && isFinal.test(message))
      return said;
  }
  return said;
}

const messages = (said: readonly PvObject[]) =>
  said.filter((value) => value.isChanged('statusMessage')).map((value) => value.get<string>('statusMessage'));

async function started(stream: Stream, changes: object = {}): Promise<{ consumer: Consumer; client: PvaClient }> {
  const consumer = await stream.consumer({ channels, ...changes });
  return { consumer, client: stream.clientOf(consumer) };
}

it('answers each command twice: that it was understood, and what came of it', async () => {
  await using stream = new Stream();
  const { client } = await started(stream);
  const expected = {
    get_stats: 'Stats update successful',
    reset_stats: 'Stats reset successful',
    configure: 'Configuration successful',
  };
  for (const [command, message] of Object.entries(expected)) {
    const said = await say(client, { command, args: '' });
    expect(said[0]?.get('command')).toBe(command);
    expect(messages(said)).toEqual(['Command successful', message]);
  }
});

it('has the answer when the put is over', async () => {
  await using stream = new Stream();
  const { client } = await started(stream);
  await client.put('out:control', { command: 'get_stats', args: '' });
  const value = await client.get('out:control');
  expect(value.get('statusMessage')).toBe('Command successful');
  expect(value.get<number>('objectTime')).toBeGreaterThan(1.7e9);
  expect(value.get<bigint>('objectTimestamp.secondsPastEpoch')).toBeGreaterThan(1_700_000_000n);
});

it('says what is wrong with arguments, where pvaPy says that all is well', async () => {
  await using stream = new Stream();
  const { client } = await started(stream);
  const answer = async (args: string) => messages(await say(client, { command: 'configure', args })).at(-1);
  expect(await answer('not json')).toMatch(/^Configuration failed: args is not valid JSON: /);
  expect(await answer('[1]')).toBe('Configuration failed: args must be a JSON object such as {"level":120}, not [1]');
  expect(await answer('{"objectIdOffset":"abc"}')).toBe(
    'Configuration failed: objectIdOffset must be a whole number from 1 on, not "abc"',
  );
});

it('forgets the arguments of an earlier put', async () => {
  await using stream = new Stream();
  const { client } = await started(stream);
  await say(client, { command: 'configure', args: '{"objectIdOffset":"abc"}' });
  const said = await say(client, { command: 'configure' });
  expect(said[0]?.get('args')).toBe('');
  expect(messages(said).at(-1)).toBe('Configuration successful');
});

it('refuses what is no command, with a message of its own each time', async () => {
  await using stream = new Stream();
  const { client } = await started(stream);
  const bogus =
    'Ignoring invalid request (unrecognized command specified: bogus). Commands are configure, get_stats, reset_stats, stop, get_report, replace';
  expect(messages(await say(client, { command: 'bogus', args: '' }))).toEqual([bogus]);
  expect(messages(await say(client, { command: 'bogus', args: '' }))).toEqual([bogus]);
  expect(messages(await say(client, { args: 'only args' }))[0]).toContain('no command specified');
});

it('changes the runtime and hands all keys to the processor', async () => {
  await using stream = new Stream();
  const { consumer, client } = await started(stream, { receiverQueueSize: 10 });
  const config = { objectIdOffset: 2, skipInitialUpdates: 1, receiverQueueSize: 5, level: 3 };
  const seen: unknown[] = [];
  consumer.stages.last.processor.configure = (given) => void seen.push(given);
  await stream.send(1);
  await until(() => consumer.stats().frameStats.nReceived === 1);
  await say(client, { command: 'configure', args: JSON.stringify(config) });
  expect(seen).toEqual([config]);
  await stream.send(3, 5, 9);
  await until(() => consumer.stats().frameStats.nReceived === 3);
  expect(consumer.stats().frameStats).toMatchObject({ nSkipped: 2, nMissed: 1 });
  expect(consumer.snapshot().pipeline.queue.limit).toBe(5);
});

it('refuses a key that neither the runtime nor a processor takes, where all say what they take', async () => {
  await using stream = new Stream();
  const threshold = { className: 'AdImageThreshold' };
  const { client } = await started(stream, { processors: [threshold, threshold] });
  const answer = async (args: object) =>
    messages(await say(client, { command: 'configure', args: JSON.stringify(args) })).at(-1);
  expect(await answer({ levle: 3 })).toBe('Configuration failed: levle: unknown key. Did you mean "level"?');
  expect(await answer({ objectIdOfset: 3 })).toContain('Did you mean "objectIdOffset"?');
  expect(await answer({ stage: 'adImageThreshold2', config: { levle: 3 } })).toContain('Did you mean "level"?');
  expect(await answer({ level: 3, objectIdOffset: 2 })).toBe('Configuration successful');
});

it('tells when the processor refuses its configuration', async () => {
  await using stream = new Stream();
  const { consumer, client } = await started(stream, { processors: [{ file }] });
  consumer.stages.last.processor.configure = () => Promise.reject(new Error('level is too high'));
  expect(messages(await say(client, { command: 'configure', args: '{}' })).at(-1)).toBe(
    'Configuration failed: level is too high',
  );
});

it('resets all statistics, those of the publisher too', async () => {
  await using stream = new Stream();
  const { consumer, client } = await started(stream, { channels: { ...channels, output: 'out:image' } });
  await stream.send(1, 2, 5);
  await until(() => consumer.stats().publisherStats.nPublished === 3);
  await say(client, { command: 'reset_stats' });
  expect(consumer.stats().frameStats).toMatchObject({ nReceived: 0, nMissed: 0, nExpected: 0 });
  expect(consumer.stats().publisherStats.nPublished).toBe(0);
});

it('ends the consumer', async () => {
  await using stream = new Stream();
  const { consumer, client } = await started(stream);
  await say(client, { command: 'stop' });
  await consumer.ended;
});

it('takes no text that is too long, and shows no more of one than people read', async () => {
  await using stream = new Stream();
  const { consumer, client } = await started(stream, { processors: [{ className: 'AdImageThreshold' }] });
  const refused = messages(await say(client, { command: 'configure', args: 'x'.repeat(2 ** 20) }));
  expect(refused).toEqual([expect.stringContaining('1,048,585 characters in command and args, at most 1,048,576')]);
  expect((await client.get('out:control')).get('args')).toBe('');
  const key = 'k'.repeat(500_000);
  const failed = messages(await say(client, { command: 'configure', args: JSON.stringify({ [key]: 1 }) }));
  expect(failed.at(-1)).toMatch(/^Configuration failed: k{900}/);
  expect(failed.at(-1)?.length).toBeLessThan(1100);
  await stream.send(1);
  await until(() => consumer.stats().frameStats.nReceived === 1);
});
