import { InOrder } from 'pvaflow';
import { expect, test } from 'vitest';

function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}

test('finishes in the order of the calls, whatever is done first', async () => {
  const order = new InOrder();
  const [first, second] = [deferred<number>(), deferred<number>()];
  const finished: number[] = [];
  const note = (value: number) => finished.push(value);
  const results = [order.run(first.promise, note), order.run(second.promise, note)];
  second.resolve(2);
  await new Promise(setImmediate);
  expect(finished).toEqual([]);
  first.resolve(1);
  expect(await Promise.all(results)).toEqual([1, 2]);
  expect(finished).toEqual([1, 2]);
});

test('waits for what finish does, and goes on behind what failed', async () => {
  const order = new InOrder();
  const finish = deferred<string>();
  const results = [
    order.run(Promise.reject(new Error('work')), () => 'never'),
    order.run(Promise.resolve(), () => finish.promise),
    order.run(Promise.resolve(), () => 'last'),
  ];
  const isOver: number[] = [];
  results.forEach((result, at) => void result.finally(() => isOver.push(at)).catch(() => {}));
  await expect(results[0]).rejects.toThrow('work');
  await new Promise(setImmediate);
  expect(isOver).toEqual([0]);
  finish.reject(new Error('finish'));
  await expect(results[1]).rejects.toThrow('finish');
  expect(await results[2]).toBe('last');
});

test('tells of work that failed when it is its turn', async () => {
  const order = new InOrder();
  const first = deferred<void>();
  void order.run(first.promise, () => {});
  const second = order.run(Promise.reject(new Error('early')), () => {});
  await new Promise(setImmediate); // nobody has heard of it yet, which is no unhandled rejection
  first.resolve();
  await expect(second).rejects.toThrow('early');
});
