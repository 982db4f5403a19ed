/** Vectors that test/peers/python/encryption.py made: records of another implementation of docs/reference/encryption-format.md. */
import { readFileSync, writeFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PvObject, structure, type TypeFields } from 'pvaflow';
import { describe, expect, it } from 'vitest';
import { CIPHERS, Sealer } from '../../../src/pva/sealing.js';
import { Envelope, recordType } from '../../../src/processor/encryption/encrypted-data.js';
import { Clock, newDecryptor, refusalOf } from './crypting.js';

interface Vector {
  readonly fields: TypeFields;
  readonly typeId: string;
  readonly value: Record<string, unknown>;
  readonly signed: boolean;
  readonly secret: string;
  readonly content: string;
  readonly record: Record<'data' | 'key' | 'signature' | 'header', string> & { readonly objectId: number };
}

const { privateKey, signerPublicKey, cases } = JSON.parse(
  readFileSync(new URL('vectors.json', import.meta.url), 'utf8'),
) as { privateKey: string; signerPublicKey: string; cases: Vector[] };

const folder = mkdtempSync(join(tmpdir(), 'pvaflow-vectors-'));
const privateKeyFilePath = join(folder, 'private.pem');
const signerPublicKeyFilePath = join(folder, 'signer.pem');
writeFileSync(privateKeyFilePath, privateKey, { mode: 0o600 });
writeFileSync(signerPublicKeyFilePath, signerPublicKey);

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

function recordOf({ record: { objectId, data, key, signature, header } }: Vector): PvObject {
  const fields = { data: bytes(data), key: bytes(key), signature: bytes(signature), header: bytes(header) };
  return new PvObject(recordType('int'), { objectId, ...fields });
}

const objectOf = ({ fields, typeId, value }: Vector) => new PvObject(structure(fields, typeId), value);

describe.each(cases.map((vector, at) => [at + 1, vector] as const))('vector %i', (_number, vector) => {
  it('is decrypted', () => {
    const clock = new Clock();
    const keys = { privateKeyFilePath, verify: vector.signed, signerPublicKeyFilePath };
    const decryptor = newDecryptor(keys, clock);
    const object = decryptor.decrypt(recordOf(vector));
    expect(String(object)).toBe(String(objectOf(vector)));
    expect(object?.type.spec).toEqual(objectOf(vector).type.spec);
    expect(refusalOf(decryptor, recordOf(vector))).toBe('replayed');
  });

  it('is made, byte by byte, of the same key and counter', () => {
    const record = recordOf(vector);
    const envelope = Envelope.read(record);
    const cipher = CIPHERS[(envelope.header[5] as number) - 1] as (typeof CIPHERS)[number];
    const box = new PvObject(recordType('int'));
    new Sealer(cipher, bytes(vector.secret)).seal(objectOf(vector), envelope.nonce, envelope.associated, box, 'data');
    expect(Buffer.from(box.get<Uint8Array>('data')).toString('hex')).toBe(vector.record.data);
  });
});
