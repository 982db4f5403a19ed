import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { configureLogging } from '../../../src/core/logger.js';
import type { Consumer } from '../../../src/hpc/consumer.js';
import { HandOver } from '../../../src/hpc/stages/hand-over.js';
import { frameOf, Stream, until } from '../stream.js';

beforeAll(() => configureLogging({ level: 'silent' }));

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/${name}.ts`, import.meta.url));
const behaving = (how: string) => ({ file: fixture('behaves'), args: { how } });
const collecting = { file: fixture('collects') };

const seenBy = (consumer: Consumer) => (consumer.stages.last.processor as unknown as { seen: string[] }).seen;
const isDone = (consumer: Consumer, count: number) => () => {
  const { nReceived, nInFlight } = consumer.stats().frameStats;
  return nReceived === count && nInFlight === 0;
};

/** What the second of two processors sees, in one process. */
async function seenInOneProcess(how: string): Promise<{ seen: string[]; nFailed: number }> {
  await using stream = new Stream();
  const consumer = await stream.consumer({ processors: [behaving(how), collecting] });
  await stream.send(1, 2, 3, 4);
  await until(isDone(consumer, 4));
  return { seen: seenBy(consumer), nFailed: consumer.stats().frameStats.nFailed };
}

/** The same with each in a consumer of its own. */
async function seenInTwo(how: string): Promise<{ seen: string[]; nFailed: number }> {
  await using stream = new Stream();
  const channels = { input: 'in:image', output: 'mid:image' };
  const first = await stream.consumer({ channels, processors: [behaving(how)], passOn: true });
  const network = { client: first.clientConfig(), server: { isolated: true } };
  const second = await stream.consumer({ channels: { input: 'mid:image' }, processors: [collecting], network });
  await stream.send(1, 2, 3, 4);
  await until(isDone(first, 4));
  await until(isDone(second, first.stats().publisherStats.nPublished));
  return { seen: seenBy(second), nFailed: first.stats().frameStats.nFailed };
}

describe('a processor that', () => {
  it.each([
    ['publishes and returns the frame', ['1:1', '2:1', '3:1', '4:1']],
    ['only publishes', ['1:2', '2:2', '3:2', '4:2']],
    ['only returns', ['1:3', '2:3', '3:3', '4:3']],
    ['publishes another and returns the frame', ['1:4', '2:4', '3:4', '4:4']],
    [
      'publishes one object that it fills anew',
      ['16:6', '17:7', '18:8', '26:6', '27:7', '28:8', '36:6', '37:7', '38:8', '46:6', '47:7', '48:8'],
    ],
    ['filters every second', ['1:1', '3:3']],
    ['publishes and throws', ['1:5', '2:5', '3:5', '4:5']],
    ['yields', ['1:11', '1:13', '2:11', '2:13', '3:11', '3:13', '4:11', '4:13']],
    [
      'yields and publishes',
      ['1:11', '1:12', '1:14', '2:11', '2:12', '2:14', '3:11', '3:12', '3:14', '4:11', '4:12', '4:14'],
    ],
    ['publishes later', ['1:15', '2:15', '3:15', '4:15']],
    ['throws later', ['1:15', '2:15', '3:15', '4:15']],
  ])('%s hands the same on in one process and in two', async (how, seen) => {
    const nFailed = how.includes('throws') ? 4 : 0;
    expect(await seenInOneProcess(how)).toEqual({ seen, nFailed });
    expect(await seenInTwo(how)).toEqual({ seen, nFailed });
  });
});

it('says what it cannot do', () => {
  let publish: (value: ReturnType<typeof frameOf>) => void = () => {};
  const frame = frameOf(1);
  const handOver = new HandOver({
    process(object) {
      publish(frame);
      publish(frame);
      return object;
    },
  });
  publish = (value) => handOver.updateOutputChannel(value);
  expect(() => publish(frame)).toThrow('it is for process and stop to call');
  const results = handOver.process(frame) as Iterator<unknown>;
  expect(results.next().value).toBe(frame);
  expect(() => results.next()).toThrow('the object that came in was published already');
});

it('ends the generator of a processor that is left before its end', async () => {
  const frame = frameOf(1);
  let isClosed = false;
  const handOver = new HandOver({
    *process(object) {
      try {
        yield object;
        yield object;
      } finally {
        isClosed = true;
      }
    },
  });
  const results = handOver.process(frame) as AsyncGenerator<unknown>;
  expect((await results.next()).value).toBe(frame);
  await results.return(undefined);
  expect(isClosed).toBe(true);
});

it('tells which of several objects in work something belongs to, or says that it cannot', async () => {
  const [first, second] = [frameOf(1), frameOf(2)];
  const settle: (() => void)[] = [];
  const process = () => new Promise<null>((resolve) => settle.push(() => resolve(null)));
  const handOver = new HandOver({ process });
  const results = [handOver.process(first), handOver.process(second)];
  expect(() => handOver.updateOutputChannel(frameOf(3))).toThrow('2 objects are in work');
  handOver.updateOutputChannel(second);
  settle.forEach((each) => each());
  expect(await Promise.all(results.map(async (each) => await each))).toEqual([null, second]);
});
