import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NtNdArray, NtScalar, PvaClient, PvaServer, PvObject, structure, unionArray } from '../../src/index.js';
import { CIPHERS, Opener, Sealer, type Cipher } from '../../src/pva/sealing.js';
import { anyStructure, type TypedSample } from './arbitraries.js';

const key = randomBytes(32);
const nonce = Buffer.alloc(12, 7);
const associated = Buffer.from('about it');
const boxType = structure({ data: 'ubyte[]' });

function sealed(value: PvObject, cipher: Cipher = 'aes-256-gcm'): PvObject {
  const box = new PvObject(boxType);
  const length = new Sealer(cipher, key).seal(value, nonce, associated, box, 'data');
  expect(box.get<Uint8Array>('data').length).toBe(length);
  return box;
}

function opened(box: PvObject, cipher: Cipher = 'aes-256-gcm'): PvObject | undefined {
  return new Opener(cipher, key).open(box, 'data', nonce, associated);
}

const make = ({ type, input }: TypedSample) => new PvObject(type, input as Record<string, unknown>);

/** What was sealed, in clear, decrypted by Node's own means. */
function clear(box: PvObject, cipher: Cipher): Buffer {
  const bytes = box.get<Uint8Array>('data');
  const decipher = createDecipheriv(cipher as 'aes-256-gcm', key, nonce, { authTagLength: 16 });
  decipher.setAAD(associated).setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]);
}

/** Any bytes at all, encrypted by somebody who has the key. */
function boxOf(bytes: Uint8Array): PvObject {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated);
  const data = Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
  return new PvObject(boxType, { data: Uint8Array.from(data) });
}

describe('Sealer and Opener', () => {
  it.each(CIPHERS)('give values of all types back, by %s', (cipher) => {
    fc.assert(
      fc.property(anyStructure, (sample) => {
        const value = make(sample);
        const back = opened(sealed(value, cipher), cipher) as PvObject;
        expect(back.toObject()).toEqual(sample.expected);
        expect(back.type.spec).toEqual(value.type.spec);
      }),
      { numRuns: 300 },
    );
  });

  it.each(CIPHERS)('agree with Node about %s', (cipher) => {
    const box = sealed(NtScalar.from(5), cipher);
    const content = clear(box, cipher);
    expect([...content.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    expect(content.readUInt32LE(4)).toBeLessThan(content.length);
  });

  it('take arrays as JavaScript sees them, and leave them where they are', () => {
    for (const length of [10, 100_000]) {
      const frame = new NtNdArray();
      const pixels = frame.allocate<Uint16Array>('value.ushortValue', length);
      pixels.fill(1000);
      pixels[length - 1] = 7;
      const back = opened(sealed(frame)) as NtNdArray;
      expect(back).toBeInstanceOf(NtNdArray);
      expect(back.data?.[0]).toBe(1000);
      expect(back.data?.[length - 1]).toBe(7);
      expect(pixels[0]).toBe(1000);
      structuredClone(pixels, { transfer: [pixels.buffer as ArrayBuffer] });
      expect(opened(sealed(frame))?.get<Uint16Array>('value').length).toBe(length);
    }
  });

  it('give large arrays back such that they can be written to', () => {
    const frame = new NtNdArray().set('value', { doubleValue: Float64Array.from({ length: 9999 }, (_, i) => i) });
    const back = opened(sealed(frame)) as NtNdArray;
    (back.data as Float64Array)[1] = -1;
    const copy = back.clone();
    expect(Array.from(copy.data?.slice(0, 3) as Float64Array)).toEqual([0, -1, 2]);
    back.release();
    expect(copy.data?.length).toBe(9999);
  });

  it('take values as they come over the wire', async () => {
    using server = new PvaServer({ isolated: true });
    using client = new PvaClient(server.clientConfig());
    const type = { choices: unionArray({ number: 'int', again: 'int', text: 'string' }), any: 'any' } as const;
    server.addChannel('x', new PvObject(type, { choices: [{ again: 3 }, null], any: { type: 'long', value: 5n } }));
    const read = await client.get('x');
    const back = opened(sealed(read)) as PvObject;
    expect(String(back)).toBe(String(read));
    expect(back.selected('choices[0]')).toBe('again');
  });

  it('open nothing of which a bit is not as it was', () => {
    const box = sealed(NtScalar.from(5));
    const bytes = box.get<Uint8Array>('data');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = bytes.slice();
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(opened(new PvObject(boxType, { data: changed }))).toBeUndefined();
    }
    for (const length of [0, 1, 15, 16, 17, bytes.length - 1])
      expect(opened(new PvObject(boxType, { data: bytes.slice(0, length) }))).toBeUndefined();
    expect(new Opener('chacha20-poly1305', key).open(box, 'data', nonce, associated)).toBeUndefined();
    expect(new Opener('aes-256-gcm', key).open(box, 'data', nonce, Buffer.from('about it!'))).toBeUndefined();
    expect(new Opener('aes-256-gcm', key).open(box, 'data', Buffer.alloc(12, 6), associated)).toBeUndefined();
    expect(opened(box)?.get('value')).toBe(5);
  });

  it('read what somebody with the key sealed, whatever it is', () => {
    const opens = (bytes: Uint8Array) => {
      const box = boxOf(bytes);
      try {
        opened(box)?.toObject();
      } catch (error) {
        expect(error).toMatchObject({ code: 'PVAFLOW_CONTENT' });
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), opens));
    const damaged = fc.tuple(anyStructure, fc.nat(), fc.integer({ min: 0, max: 255 }), fc.nat(3));
    fc.assert(
      fc.property(damaged, ([sample, at, byte, cut]) => {
        const content = clear(sealed(make(sample)), 'aes-256-gcm');
        content[at % content.length] = byte;
        opens(content.subarray(0, content.length - cut));
      }),
      { numRuns: 700 },
    );
  });

  it.each([
    ['nothing', []],
    ['an unknown beginning', [0, 0, 1, 0, 1, 0, 0, 0, 0]],
    ['a type that is too long', [0, 0, 0, 0, 255, 255, 255, 255, 0]],
    ['no structure', [0, 0, 0, 0, 1, 0, 0, 0, 0x22, 5, 0, 0, 0]],
    ['something behind the value', [0, 0, 0, 0, 3, 0, 0, 0, 0x80, 0, 0, 1]],
  ])('refuse %s', (_what, bytes) => {
    expect(() => opened(boxOf(Uint8Array.from(bytes)))).toThrow(expect.objectContaining({ code: 'PVAFLOW_CONTENT' }));
  });

  it('read the other byte order', () => {
    const type = [0x80, 0, 2, 1, 0x61, 0x22, 1, 0x62, 0x2d]; // int a, ushort[] b
    const value = [0, 0, 1, 2, 2, 0, 3, 1, 4];
    const box = boxOf(Uint8Array.from([1, 0, 0, 0, 0, 0, 0, type.length, ...type, ...value]));
    expect(opened(box)?.toObject()).toEqual({ a: 258, b: Uint16Array.of(3, 260) });
  });

  it.each([
    [() => new Sealer('aes-128-gcm' as Cipher, key), 'there is no cipher aes-128-gcm'],
    [() => new Sealer('aes-256-gcm', key.subarray(1)), 'the key must have 32 bytes'],
    [() => new Opener('aes-256-gcm', 5 as never), 'the key must be an Uint8Array'],
    [() => new Opener('aes-256-gcm', key).open(new PvObject(boxType), 'value', nonce, associated), 'no ubyte[] value'],
    [
      () => new Opener('aes-256-gcm', key).open(new PvObject(boxType), 'data', key, associated),
      'the nonce must have 12',
    ],
    [
      () => new Sealer('aes-256-gcm', key).seal(NtScalar.from(1), nonce, associated, NtScalar.from(1), 'value'),
      'there is no field value for such an array',
    ],
  ])('refuse wrong arguments', (call, message) => {
    expect(call).toThrow(message);
  });

  it('refuse a value that was released', () => {
    const value = NtScalar.from(1);
    value.release();
    expect(() => sealed(value)).toThrow('was released');
  });
});
