import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/core/package-root.js';
import { PvObject, PvType } from '../../src/index.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const MIB = 2 ** 20;
/** AddressSanitizer holds so many of the bytes that were freed last back from being used again, in MiB. */
const SANITIZER_KEEPS = process.env['ASAN_OPTIONS'] === undefined ? 0 : 256;
const type = new PvType({ id: 'int', value: 'ubyte[]' });
const frame = () => {
  const object = new PvObject(type);
  object.allocate<Uint8Array>('value', 4 * MIB);
  return object;
};

/** Collects until `done`, giving finalisers their turn in between. */
async function collectUntil(done: () => boolean, rounds = 50): Promise<boolean> {
  for (let i = 0; i < rounds && !done(); i++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return done();
}

const outside = () => process.memoryUsage().external;

describe('memory of values', () => {
  it('is made known to V8, and taken back by release() at once', () => {
    collect();
    const before = outside();
    const values = Array.from({ length: 8 }, frame);
    expect(outside() - before).toBeGreaterThan(31 * MIB);
    expect(values.every((value) => value.native.bytes === 4 * MIB)).toBe(true);
    for (const value of values) value.release();
    expect(outside() - before).toBeLessThan(4 * MIB);
  });

  it('of copies that are looked at is made known, too', () => {
    collect();
    const before = outside();
    const frames = Array.from({ length: 8 }, frame);
    const copies = frames.map((each) => each.clone()); // shared, until somebody looks
    for (const copy of copies) copy.get('value');
    expect(outside() - before).toBeGreaterThan(63 * MIB);
    for (const each of [...frames, ...copies]) each.release();
    expect(outside() - before).toBeLessThan(4 * MIB);
  });

  it('is used again for arrays of any size, and never shared', () => {
    const resident = () => process.memoryUsage().rss;
    const bytes = new PvType({ value: 'ubyte[]' });
    const filled = (size: number, byte: number) => new PvObject(bytes, { value: new Uint8Array(size).fill(byte) });
    const kept = filled(3 * MIB, 255);
    collect();
    const before = resident();
    for (let i = 0; i < 400; i++) {
      const size = 64 * 1024 + ((i * 7919 * 4099) % (4 * MIB));
      const pair = [filled(size, i & 127), filled(size, (i + 1) & 127)];
      expect(pair.map((each) => each.get<Uint8Array>('value').at(-1))).toEqual([i & 127, (i + 1) & 127]);
      for (const each of pair) each.release();
    }
    collect();
    expect(kept.get<Uint8Array>('value').every((byte) => byte === 255)).toBe(true);
    expect(resident() - before).toBeLessThan((300 + SANITIZER_KEEPS) * MIB);
  });

  it('comes back from values that nobody released', async () => {
    collect();
    const before = outside();
    let collected = 0;
    const registry = new FinalizationRegistry(() => collected++);
    (() => {
      for (const value of Array.from({ length: 8 }, frame)) registry.register(value, 0);
    })();
    expect(outside() - before).toBeGreaterThan(31 * MIB);
    expect(await collectUntil(() => collected === 8)).toBe(true);
    expect(await collectUntil(() => outside() - before < 4 * MIB)).toBe(true);
  });

  it('stays with a view that outlives its value', async () => {
    let gone = false;
    const registry = new FinalizationRegistry(() => (gone = true));
    const view = (() => {
      const object = frame();
      registry.register(object, 0);
      return object.get<Uint8Array>('value').fill(5);
    })();
    expect(await collectUntil(() => gone)).toBe(true);
    expect([view.length, view[0], view[4 * MIB - 1]]).toEqual([4 * MIB, 5, 5]);
  });

  it('stays with the value when an old array is replaced', async () => {
    const object = frame();
    const view = object.get<Uint8Array>('value').fill(6);
    object.set('value', [1, 2, 3]);
    await collectUntil(() => false, 3);
    expect([view[0], view[4 * MIB - 1], object.get<Uint8Array>('value').length]).toEqual([6, 6, 3]);
    object.release();
    expect(view.length).toBe(0); // its memory was given back, too
  });

  it('comes back with release() from arrays that were replaced, and is used again', () => {
    const resident = () => process.memoryUsage().rss;
    const object = frame();
    const first = object.get<Uint8Array>('value');
    for (let i = 1; i < 200; i++) {
      object.set('value', [i]);
      object.set('value', new Uint8Array(16 * 1024 + i).fill(i)).get('value'); // views that nobody keeps
    }
    expect([first.length, object.get<Uint8Array>('value').at(-1)]).toEqual([4 * MIB, 199]);
    object.release();
    expect(first.length).toBe(0);
    const before = resident();
    for (let i = 0; i < 200; i++) {
      const replaced = frame();
      const seen = replaced.get<Uint8Array>('value').fill(1);
      replaced.set('value', [1]).release();
      expect(seen.length).toBe(0);
    }
    expect(resident() - before).toBeLessThan(200 * MIB); // of 800 that were filled
  });
});

describe('threads', () => {
  const addon = join(packageRoot(), 'build', 'Release', 'pvaflow.node');
  const work = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { Type, Value } = require(workerData);
    const type = new Type({ value: 'double[]', held: 'any' });
    const values = [];
    for (let i = 0; i < 50; i++) {
      const value = new Value(type, { value: new Float64Array(10000).fill(i), held: 'x' });
      if (value.get('value')[9999] !== i) throw new Error('wrong');
      values.push(value);
      if (i % 3 === 0) value.release();
    }
    try { values[0].get('value'); } catch (error) { parentPort.postMessage(error.code); }
  `;

  it('each have values of their own, and end with values and views alive', async () => {
    const workers = [1, 2, 3].map(() => new Worker(work, { eval: true, workerData: addon }));
    const first = async (event: string) => {
      const all = await Promise.all(workers.map((worker) => once(worker, event) as Promise<unknown[]>));
      return all.map(([argument]) => argument);
    };
    const [codes, exits] = await Promise.all([first('message'), first('exit')]);
    expect(codes).toEqual(Array(3).fill('PVAFLOW_VALUE_RELEASED'));
    expect(exits).toEqual([0, 0, 0]);
    expect(new PvObject(type, { id: 5 }).get('id')).toBe(5);
  });

  it('can be terminated at work', async () => {
    const endless = `${work}; parentPort.postMessage('busy'); for (;;) new Value(type, { value: [1, 2, 3] }).get('value');`;
    const worker = new Worker(endless, { eval: true, workerData: addon });
    await once(worker, 'message');
    expect(await worker.terminate()).toBe(1);
    expect(new PvObject(type, { id: 6 }).get('id')).toBe(6);
  });
});
