import { createHash, createPublicKey, publicEncrypt, constants, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { generateNtNdArray2D, NtNdArray, NtScalar, PvObject, type RefusedError } from 'pvaflow';
import ndarray from 'ndarray';
import { describe, expect, it, test } from 'vitest';
import { pixelFormats } from '../../../src/pva/normative/pixel-types.js';
import { Sealer } from '../../../src/pva/sealing.js';
import { Envelope, recordType, writeKeyHeader } from '../../../src/processor/encryption/encrypted-data.js';
import { numbered } from '../../image/frames.js';
import { anyStructure } from '../../pva/arbitraries.js';
import { Clock, flipped, frameOf, newDecryptor, newEncryptor, own, refusalOf } from './crypting.js';
import { newKeyFiles } from './keys.js';

const FIELDS = ['data', 'key', 'signature', 'header'] as const;
const signer = newKeyFiles();
const signing = { sign: true, privateKeyFilePath: signer.privateKeyFilePath };
const verifying = { verify: true, signerPublicKeyFilePath: signer.publicKeyFilePath };

describe('what was encrypted comes back', () => {
  const encryptor = newEncryptor();
  const decryptor = newDecryptor();

  it.each(pixelFormats)('pixels of $dtype', ({ dtype }) => {
    const frame = generateNtNdArray2D(8, ndarray(numbered(dtype, [1, 2, 3, 4, 5, 127]) as Uint8Array, [2, 3]));
    const record = encryptor.encrypt(frame, 'uniqueId');
    expect(record.get('objectId')).toBe(8);
    const back = decryptor.decrypt(record) as NtNdArray;
    expect(back).toBeInstanceOf(NtNdArray);
    expect(back.toJSON()).toEqual(frame.toJSON());
    expect(back.data).toEqual(frame.data);
  });

  it('colour images, large ones, and what is said about them', () => {
    const pixels = Uint8Array.from({ length: 120 * 100 * 3 }, (_, i) => i);
    const frame = generateNtNdArray2D(9, ndarray(pixels, [100, 120, 3])).setAttribute('Energy', 12.5);
    const back = decryptor.decrypt(encryptor.encrypt(frame, 'uniqueId')) as NtNdArray;
    expect(back.data).toEqual(frame.data);
    expect(String(back)).toBe(String(frame));
  });

  it('values of all types', () => {
    fc.assert(
      fc.property(anyStructure, ({ type, input, expected }) => {
        const object = new PvObject(type, input as Record<string, unknown>);
        const record = encryptor.encrypt(object, 'no id');
        expect(decryptor.decrypt(record)?.toObject()).toEqual(expected);
      }),
    );
  });

  it.each(['aes-256-gcm', 'chacha20-poly1305'] as const)('by %s, signed', (cipher) => {
    const record = newEncryptor({ cipher, ...signing }).encrypt(frameOf(1), 'uniqueId');
    expect(newDecryptor(verifying).decrypt(record)?.get('uniqueId')).toBe(1);
  });
});

describe('ids', () => {
  it.each([
    ['byte', -5, 'byte', -5],
    ['int', -(2 ** 31), 'int', -(2 ** 31)],
    ['ulong', 2n ** 64n - 1n, 'ulong', 2n ** 64n - 1n],
    ['double', 12, 'long', 12n],
  ] as const)('of type %s are kept', (type, value, idType, id) => {
    const record = newEncryptor().encrypt(NtScalar.from(value, { type }), 'value');
    expect(record.get('objectId')).toBe(id);
    expect(record.typeName('objectId')).toBe(idType);
    expect(newDecryptor().decrypt(record)?.get('value')).toBe(value);
  });

  it('are counts where an object has none, and must be whole', () => {
    const encryptor = newEncryptor();
    const ids = [1, 2].map(() => encryptor.encrypt(NtScalar.from('x'), 'uniqueId').get('objectId'));
    expect(ids).toEqual([1n, 2n]);
    expect(() => encryptor.encrypt(NtScalar.from(1.5), 'value')).toThrow('field value is no whole number');
    expect(() => encryptor.encrypt(NtScalar.from('secret'), 'value')).toThrow('field value is no whole number');
  });
});

describe('what was changed is refused', () => {
  test.each([
    ['unsigned', {}, {}, ['data', 'header', 'key']],
    ['signed, but not verified', signing, {}, ['signature']],
    ['signed', signing, verifying, ['signature', 'header', 'key']],
  ])('each bit of a small record: %s', (_name, encrypting, decrypting, fields) => {
    const encryptor = newEncryptor(encrypting);
    const decryptor = newDecryptor(decrypting);
    const record = encryptor.encrypt(NtScalar.from(5, { type: 'ubyte' }), 'value');
    for (const field of fields) {
      const bits = record.get<Uint8Array>(field).length * 8;
      for (let bit = 0; bit < bits; bit++) {
        const reason = refusalOf(decryptor, flipped(record, field, bit));
        expect(reason, `${field}, bit ${bit}`).toMatch(/^(format|key|signature|tampered)$/);
      }
    }
    for (let bit = 0; bit < 8; bit++)
      expect(refusalOf(decryptor, record.clone().set('objectId', 5 ^ (1 << bit)))).toBe('tampered');
    expect(decryptor.decrypt(record)?.get('value')).toBe(5);
  });

  it('any bit of a large one, and any bytes more or less', () => {
    const decryptor = newDecryptor();
    const encryptor = newEncryptor();
    const frame = generateNtNdArray2D(1, ndarray(new Uint16Array(64 * 64), [64, 64]));
    const record = encryptor.encrypt(frame, 'uniqueId');
    const { length } = record.get<Uint8Array>('data');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: length * 8 - 1 }), (bit) => {
        expect(refusalOf(decryptor, flipped(record, 'data', bit))).toBe('tampered');
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...FIELDS), fc.nat(), fc.boolean(), (field, at, isMore) => {
        const bytes = [...record.get<Uint8Array>(field)];
        if (isMore) bytes.splice(at % (bytes.length + 1), 0, at & 255);
        else if (bytes.length > 0) bytes.splice(at % bytes.length, 1);
        else return;
        expect(refusalOf(decryptor, record.clone().set(field, bytes))).toMatch(/^(format|tampered)$/);
      }),
    );
  });

  it('parts of one record in another', () => {
    const encryptor = newEncryptor();
    const other = newEncryptor();
    const [first, second] = [encryptor.encrypt(frameOf(1), 'uniqueId'), encryptor.encrypt(frameOf(2), 'uniqueId')];
    const foreign = other.encrypt(frameOf(1), 'uniqueId');
    const decryptor = newDecryptor({ streams: 2 });
    for (const from of [second, foreign]) {
      for (const field of ['data', 'header']) {
        const mixed = first.clone().set(field, from.get<Uint8Array>(field).slice());
        expect(refusalOf(decryptor, mixed)).toMatch(/^(key|tampered)$/);
      }
    }
    const key = first.clone().set('key', foreign.get<Uint8Array>('key').slice());
    expect(refusalOf(decryptor, key)).toBe('key');
  });

  it.each([
    [NtScalar.from(5), 'found no ubyte[] header'],
    [new PvObject(recordType('int'), { header: new Uint8Array(3) }), 'expected a header of 88 bytes, found 3'],
    [new PvObject(recordType('int'), { header: new Uint8Array(88) }), 'does not begin with PVFE'],
    [new PvObject(recordType('int'), { key: new Uint8Array(5000), header: new Uint8Array(88) }), 'too long'],
    [
      new PvObject(
        { data: 'ubyte[]', key: 'ubyte[]', signature: 'ubyte[]', header: 'ubyte[]' },
        { header: new Uint8Array(88) },
      ),
      'there is no objectId',
    ],
  ])('what is no record', (object, message) => {
    expect(() => newDecryptor().decrypt(object)).toThrow(message);
    expect(refusalOf(newDecryptor(), object)).toBe('format');
  });

  it('records of random bytes never crash it', () => {
    const decryptor = newDecryptor();
    const record = newEncryptor().encrypt(frameOf(1), 'uniqueId');
    const bytes = fc.uint8Array({ maxLength: 400 });
    fc.assert(
      fc.property(fc.constantFrom(...FIELDS), bytes, (field, random) => {
        if (random.length === 0) return;
        expect(refusalOf(decryptor, record.clone().set(field, random))).toMatch(/^(format|key|tampered)$/);
      }),
    );
  });

  it('but the empty record that a channel begins with is none', () => {
    expect(newDecryptor().decrypt(new PvObject(recordType('int')))).toBeUndefined();
  });
});

describe('order', () => {
  const records = (count: number, encryptor = newEncryptor()) =>
    Array.from({ length: count }, (_, i) => encryptor.encrypt(frameOf(i + 1), 'uniqueId'));

  it('is kept: what came before, or comes late, is refused', () => {
    const [first, second, third] = records(3) as [PvObject, PvObject, PvObject];
    const decryptor = newDecryptor();
    expect([first, third, third, second, first].map((record) => refusalOf(decryptor, record))).toEqual([
      ...[undefined, undefined, 'replayed', 'reordered', 'replayed'],
    ]);
  });

  it('holds for every sequence', () => {
    const all = records(8);
    fc.assert(
      fc.property(fc.array(fc.nat(7), { maxLength: 20 }), (sequence) => {
        const decryptor = newDecryptor();
        let highest = -1;
        for (const at of sequence) {
          expect(refusalOf(decryptor, all[at] as PvObject) === undefined).toBe(at > highest);
          highest = Math.max(highest, at);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('may be changed within a window, also over a change of the key', () => {
    const all = records(6, newEncryptor({ keyFrames: 2 }));
    const decryptor = newDecryptor({ reorderWindow: 2 });
    const taken = [2, 1, 3, 2, 6, 4, 3, 5].map((number) => refusalOf(decryptor, all[number - 1] as PvObject));
    expect(taken).toEqual([
      ...[undefined, undefined, undefined],
      'replayed',
      undefined,
      undefined,
      'replayed',
      undefined,
    ]);
  });

  it('does not hold between encryptors, of which there may be as many as was said', () => {
    const clock = new Clock();
    const one = newEncryptor({}, clock);
    clock.ms += 1;
    const two = newEncryptor({}, clock);
    clock.ms += 1;
    const three = newEncryptor({}, clock);
    const of = (encryptor: typeof one) => encryptor.encrypt(frameOf(1), 'uniqueId');
    const decryptor = newDecryptor({ streams: 2 }, clock);
    expect([one, two, one, three, two, one].map((encryptor) => refusalOf(decryptor, of(encryptor)))).toEqual([
      ...[undefined, undefined, undefined, undefined, undefined, 'stale'],
    ]);
  });

  it('is that of the newest encryptor: one that was started again takes the place of the one before', () => {
    const clock = new Clock();
    const before = newEncryptor({}, clock);
    const [early, late] = records(2, before) as [PvObject, PvObject];
    clock.ms += 5;
    const again = newEncryptor({}, clock).encrypt(frameOf(1), 'uniqueId');
    const decryptor = newDecryptor({}, clock);
    expect([early, again, late].map((record) => refusalOf(decryptor, record))).toEqual([undefined, undefined, 'stale']);
  });

  it('is remembered when the decryptor is configured', () => {
    const [record] = records(1) as [PvObject];
    const decryptor = newDecryptor();
    decryptor.decrypt(record);
    decryptor.configure({ maxKeyAge: 5 });
    expect(refusalOf(decryptor, record)).toBe('replayed');
  });
});

describe('keys', () => {
  it('that are others are refused', () => {
    const stranger = newKeyFiles();
    const record = newEncryptor().encrypt(frameOf(1), 'uniqueId');
    const decryptor = newDecryptor({ privateKeyFilePath: stranger.privateKeyFilePath });
    expect(() => decryptor.decrypt(record)).toThrow(/^it is for another key, SHA-256 [0-9a-f]{16}…$/);
    expect(refusalOf(decryptor, record)).toBe('key');
  });

  it('that nobody signed, or a stranger, are refused', () => {
    const stranger = newKeyFiles();
    const decryptor = newDecryptor(verifying);
    const unsigned = newEncryptor().encrypt(frameOf(1), 'uniqueId');
    const foreign = newEncryptor({ sign: true, privateKeyFilePath: stranger.privateKeyFilePath });
    expect(refusalOf(decryptor, unsigned)).toBe('signature');
    expect(refusalOf(decryptor, foreign.encrypt(frameOf(1), 'uniqueId'))).toBe('signature');
  });

  it('are one pair for both sides, as with pvaPy', () => {
    const { privateKeyFilePath } = own;
    const encryptor = newEncryptor({ sign: true, privateKeyFilePath });
    expect(
      newDecryptor({ verify: true })
        .decrypt(encryptor.encrypt(frameOf(3), 'uniqueId'))
        ?.get('uniqueId'),
    ).toBe(3);
  });

  it('are accepted for some time', () => {
    const clock = new Clock();
    const record = newEncryptor({}, clock).encrypt(frameOf(1), 'uniqueId');
    clock.ms += 61_000;
    expect(refusalOf(newDecryptor({ maxKeyAge: 60 }, clock), record)).toBe('stale');
    expect(refusalOf(newDecryptor({ maxKeyAge: 62 }, clock), record)).toBeUndefined();
    expect(refusalOf(newDecryptor({ maxKeyAge: 0 }, clock), record)).toBeUndefined();
    clock.ms -= 200_000;
    expect(() => newDecryptor({ maxKeyAge: 60 }, clock).decrypt(record)).toThrow('139 s from now');
  });

  it('of another length, or contents that are no value, are refused', () => {
    const seal = (secret: Buffer, wrong: boolean) => {
      const publicKey = createPublicKey(own.publicPem);
      const der = publicKey.export({ type: 'spki', format: 'der' });
      const keyHeader = writeKeyHeader({
        ...{ cipher: 'aes-256-gcm', stream: randomBytes(16), startedAt: new Clock().ms, keyMadeAt: new Clock().ms },
        ...{ keyNumber: 1, keyLength: 256, signatureLength: 0 },
        recipient: createHash('sha256').update(der).digest(),
      });
      const padding = constants.RSA_PKCS1_OAEP_PADDING;
      const key = publicEncrypt({ key: publicKey, padding, oaepHash: 'sha256', oaepLabel: keyHeader }, secret);
      const envelope = Envelope.of(keyHeader, key, Buffer.alloc(0));
      envelope.set(1n, wrong ? 2 ** 53 - 1 : 1);
      if (wrong) envelope.associated[87] = 1;
      const record = new PvObject(recordType('int'), { objectId: 1, key, header: envelope.header });
      const sealer = new Sealer('aes-256-gcm', Buffer.concat([secret], 32));
      sealer.seal(NtScalar.from(5), envelope.nonce, envelope.associated, record, 'data');
      return record;
    };
    expect(refusalOf(newDecryptor(), seal(randomBytes(32), false))).toBeUndefined();
    expect(refusalOf(newDecryptor(), seal(randomBytes(31), false))).toBe('key');
    expect(refusalOf(newDecryptor(), seal(randomBytes(32), true))).toBe('format');
  });
});

it('refuses what is not wanted, and tells nothing of it', () => {
  const record = newEncryptor().encrypt(NtScalar.from('secret'), 'x');
  const decryptor = newDecryptor();
  const error = (() => {
    try {
      return decryptor.decrypt(record, () => false);
    } catch (thrown) {
      return thrown as RefusedError;
    }
  })();
  expect(error).toMatchObject({ reason: 'content', code: 'PVAFLOW_DECRYPT_CONTENT' });
  expect(JSON.stringify(record) + String(record) + String((error as Error).stack)).not.toContain('secret');
});

it.each([
  [{ streams: 0 }, 'expected streams to be a whole number from 1 to 1024, not 0'],
  [{ reorderWindow: 1.5 }, 'expected reorderWindow to be'],
  [{ maxKeyAge: -1 }, 'expected maxKeyAge to be seconds from 0 on, not -1'],
  [{ verify: 'yes' as never }, 'expected verify to be true or false, not "yes"'],
  [{ privateKeyFilePath: '/does/not/exist' }, 'key file /does/not/exist cannot be read: ENOENT'],
  [{ privateKeyFilePath: own.publicKeyFilePath }, 'expected a private RSA key, found a public one'],
])('refuses the configuration %o', (config, message) => {
  const decryptor = newDecryptor();
  expect(() => decryptor.configure(config)).toThrow(message);
  const record = newEncryptor().encrypt(frameOf(1), 'uniqueId');
  expect(refusalOf(decryptor, record)).toBeUndefined(); // all is as it was
});
