import { expect, it } from 'vitest';
import { fanOut } from '../../src/pipeline/output.js';
import { Pipeline } from '../../src/pipeline/pipeline.js';
import type { Sink } from '../../src/pipeline/interfaces.js';
import { FakeClock, ManualSource, settlePromises } from './fakes.js';

function build(sinks: readonly Sink<string>[]) {
  const source = new ManualSource<string>();
  const pipeline = new Pipeline<string>({
    sources: [{ name: 'source', source, queue: { items: 10, bytes: Infinity, onFull: 'wait' } }],
    processors: [],
    sink: fanOut(sinks),
    clock: new FakeClock(),
  });
  pipeline.start();
  return { source, pipeline };
}

it('gives each event to all sinks, at the pace of the slowest', async () => {
  let free = () => {};
  const fast: string[] = [];
  const slow: string[] = [];
  const { source, pipeline } = build([
    { write: (event) => void fast.push(event) },
    { write: (event) => (slow.push(event), new Promise((resolve) => (free = resolve))) },
  ]);
  source.emit('a', 'b');
  expect([fast, slow]).toEqual([['a'], ['a']]);
  free();
  await settlePromises();
  expect([fast, slow]).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ]);
  expect(pipeline.stats()).toMatchObject({ processed: 1, inFlight: 1, output: { received: 2 } });
});

it('counts one failure when a sink fails, and the others have the event all the same', () => {
  const other: string[] = [];
  const fails = () => {
    throw new RangeError('full');
  };
  const { source, pipeline } = build([{ write: fails }, { write: (event) => void other.push(event) }]);
  source.emit('a');
  expect(other).toEqual(['a']);
  expect(pipeline.stats()).toMatchObject({ failed: 1, failedBy: { 'RangeError in the output': 1 } });
});

it('waits for all even if one rejects', async () => {
  const done: string[] = [];
  const { source, pipeline } = build([
    { write: () => Promise.reject(new TypeError('gone')) },
    { write: () => settlePromises().then(() => void done.push('written')) },
  ]);
  source.emit('a');
  await pipeline.drain();
  expect(done).toEqual(['written']);
  expect(pipeline.stats()).toMatchObject({ failedBy: { 'TypeError in the output': 1 } });
});

it('ends the run with what a sink throws when it is asked whether it is ready, also by a stage that goes on', async () => {
  let finish = () => {};
  let isBroken = false;
  const { source, pipeline } = build([
    {
      write: () => new Promise((resolve) => (finish = resolve)),
      ready: () => {
        if (isBroken) throw new RangeError('its disk is gone');
        return undefined;
      },
    },
  ]);
  source.emit('a');
  isBroken = true;
  finish();
  await expect(pipeline.ended).rejects.toThrow('its disk is gone');
  expect(pipeline.imbalance()).toBeUndefined();
});

it('is ready when all sinks are', async () => {
  let free = () => {};
  const written: string[] = [];
  let isReady = false;
  const { source } = build([
    { write: (event) => void written.push(event) },
    { ready: () => (isReady ? undefined : new Promise((resolve) => (free = resolve))) },
  ]);
  source.emit('a', 'b');
  expect(written).toEqual(['a']);
  isReady = true;
  free();
  await settlePromises();
  expect(written).toEqual(['a', 'b']);
});
