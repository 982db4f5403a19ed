import { describe, expect, it } from 'vitest';
import { NtNdArray, PvObject, type PvaChannel } from '../../src/index.js';
import { Reader, useClients } from './clients.js';
import { useServers } from './serving.js';

const newServer = useServers();
const newClient = useClients();

const SIDE = 512;
const image = (first: number) => new Uint8Array(SIDE * SIDE).fill(first);

/** A channel of an image whose pixels are all `pixel`. */
function imageChannel(pixel: number): { channel: PvaChannel; reader: Reader } {
  const server = newServer();
  const channel = server.addChannel('IMAGE', new NtNdArray().set('value', { ubyteValue: image(pixel) }));
  return { channel, reader: new Reader(newClient(server).monitor('IMAGE')) };
}

const uniform = (elements: Iterable<number>) => new Set(elements);

describe('views', () => {
  const union = { value: { kind: 'union', id: '', fields: { u: 'ubyte[]', b: 'byte[]', d: 'double[]' } } } as const;

  it.each([10, 1000, 20_000])('show the member selected last, of %d elements', (size) => {
    for (let i = 0; i < 20; i++) {
      const object = new PvObject(union);
      object.set('value', { u: new Uint8Array(size).fill(7) }).get('value');
      object.set('value', { b: new Int8Array(size).fill(-3) });
      const bytes = object.get<Int8Array>('value');
      expect([bytes.constructor, bytes.length, uniform(bytes)]).toEqual([Int8Array, size, new Set([-3])]);
      object.set('value', { d: new Float64Array(size).fill(0.5) });
      const doubles = object.clone().get<Float64Array>('value');
      expect([doubles.constructor, doubles.length, uniform(doubles)]).toEqual([Float64Array, size, new Set([0.5])]);
    }
  });

  it('show what an any holds now', () => {
    const object = new PvObject({ held: 'any' });
    for (let i = 0; i < 300; i++) {
      object.set('held', new Uint8Array(1000).fill(i));
      expect(object.get<Uint8Array>('held')[999]).toBe(i & 0xff);
    }
  });

  it('are taken over from shared memory', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(100)).fill(4);
    expect(new PvObject({ value: 'ubyte[]' }).set('value', shared).get('value')).toEqual(new Uint8Array(100).fill(4));
  });

  it('leave memory alone that was taken from them', (context) => {
    if (!('transfer' in ArrayBuffer.prototype)) context.skip('this Node has no ArrayBuffer.prototype.transfer');
    const object = new PvObject({ value: 'ubyte[]' }).set('value', image(5));
    const { buffer } = object.get<Uint8Array>('value');
    const taken = new Uint8Array((buffer as unknown as { transfer(): ArrayBuffer }).transfer());
    expect(uniform(object.clone().get('value'))).toEqual(new Set([5]));
    object.release();
    for (let i = 0; i < 20; i++) new PvObject({ value: 'ubyte[]' }).set('value', image(9));
    expect(uniform(taken)).toEqual(new Set([5]));
  });
});

describe('what JavaScript writes into', () => {
  it('a received image does not come back with the next update that leaves the image out', async () => {
    const { channel, reader } = imageChannel(1);
    for (let id = 0; id < 5; id++) {
      const { value } = await reader.until('update');
      expect(uniform(value.get('value'))).toEqual(new Set([1]));
      value.get<Uint8Array>('value').fill(99);
      await channel.post({ uniqueId: id });
    }
  });

  it('a later update does not reach an image that was handed on', async () => {
    const { channel, reader } = imageChannel(1);
    const output = newServer().addChannel('OUT', new NtNdArray());
    const { value: first } = await reader.until('update');
    await output.post(first, { transfer: true });
    await channel.post({ uniqueId: 1 });
    (await reader.until('update')).value.get<Uint8Array>('value').fill(99);
    expect(uniform(output.value!.get('value'))).toEqual(new Set([1]));
  });

  it('the value of a channel stays in that copy', () => {
    const { channel } = imageChannel(3);
    channel.value!.get<Uint8Array>('value').fill(99);
    expect(uniform(channel.value!.get('value'))).toEqual(new Set([3]));
  });

  it('a value is what its clones and posts had before, and has after', () => {
    const { channel } = imageChannel(3);
    const value = new NtNdArray().set('value', { ubyteValue: image(4) });
    value.get<Uint8Array>('value').fill(5);
    void channel.post(value);
    const clone = value.clone();
    value.get<Uint8Array>('value').fill(6);
    expect(uniform(channel.value!.get('value'))).toEqual(new Set([5]));
    expect(uniform(clone.get('value'))).toEqual(new Set([5]));
    expect(uniform(value.clone().get('value'))).toEqual(new Set([6]));
  });

  it('what an any of a channel holds stays in that copy', () => {
    const channel = newServer().addChannel('ANY', new PvObject({ held: 'any' }).set('held', image(3)));
    channel.value!.get<Uint8Array>('held').fill(99);
    expect(uniform(channel.value!.get('held'))).toEqual(new Set([3]));
  });
});
