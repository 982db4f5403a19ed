import { chmodSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { describe, expect, it, vi } from 'vitest';
import { Encryptor } from '../../../src/processor/encryption/encryptor.js';
import { KeyFile } from '../../../src/processor/encryption/key-file.js';
import { rsaKeysOf } from '../../../src/processor/encryption/rsa-keys.js';
import { Clock, frameOf, newDecryptor, newEncryptor, own, refusalOf } from './crypting.js';
import { newKeyFiles } from './keys.js';

const next = newKeyFiles();

/** Replaces a file as one should: it is always whole. */
function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.new`, text, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

function newFile(text: string, mode = 0o600): string {
  const path = join(mkdtempSync(join(tmpdir(), 'pvaflow-keys-')), 'keys.pem');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

/** Collects what is logged. */
function logging() {
  const warnings: string[] = [];
  const logger = { warn: (text: string) => void warnings.push(text), info: () => {} } as unknown as Logger;
  return { warnings, logger };
}

describe('a key is used', () => {
  const numberOf = (encryptor: Encryptor, count: number) =>
    Array.from({ length: count }, () => {
      encryptor.encrypt(frameOf(1), 'uniqueId');
      return encryptor.keys;
    });

  it('for so many frames, bytes and seconds', () => {
    expect(numberOf(newEncryptor({ keyFrames: 2 }), 5)).toEqual([1, 1, 2, 2, 3]);
    expect(numberOf(newEncryptor({ keyBytes: 1 }), 3)).toEqual([1, 2, 3]);
    const clock = new Clock();
    const encryptor = newEncryptor({ keySeconds: 60 }, clock);
    const keys = [0, 59_999, 1, 0].map((ms) => {
      clock.ms += ms;
      return numberOf(encryptor, 1)[0];
    });
    expect(keys).toEqual([1, 1, 2, 2]);
    clock.ms -= 3_600_000; // a clock that is set back does not make a key last
    expect(numberOf(encryptor, 1)).toEqual([3]);
  });

  it('while another is drawn the records go on in one order', () => {
    const encryptor = newEncryptor({ keyFrames: 2 });
    const decryptor = newDecryptor();
    const records = [1, 2, 3, 4, 5].map((id) => encryptor.encrypt(frameOf(id), 'uniqueId'));
    expect(records.map((record) => refusalOf(decryptor, record))).toEqual([1, 2, 3, 4, 5].map(() => undefined));
    expect(records.map((record) => refusalOf(decryptor, record))).toEqual([1, 2, 3, 4, 5].map(() => 'replayed'));
  });

  it('by who comes late, too', () => {
    const encryptor = newEncryptor();
    for (let id = 1; id < 10; id++) encryptor.encrypt(frameOf(id), 'uniqueId').release();
    expect(refusalOf(newDecryptor(), encryptor.encrypt(frameOf(10), 'uniqueId'))).toBeUndefined();
  });

  it('never twice for one counter, also of another run', () => {
    const nonces = new Set<string>();
    for (const encryptor of [newEncryptor(), newEncryptor(), newEncryptor({ keyFrames: 1 })]) {
      for (let frame = 0; frame < 3; frame++) {
        const record = encryptor.encrypt(frameOf(1), 'uniqueId');
        const key = Buffer.from(record.get<Uint8Array>('key')).toString('hex');
        nonces.add(key + Buffer.from(record.get<Uint8Array>('header').subarray(80)).toString('hex'));
      }
    }
    expect(nonces.size).toBe(9);
  });
});

describe('keys are changed without a restart', () => {
  it('by configuring both sides: the new key, both, the old one gone', () => {
    const encryptor = newEncryptor();
    const decryptor = newDecryptor();
    const file = newFile(own.privatePem + next.privatePem);
    const refusal = () => refusalOf(decryptor, encryptor.encrypt(frameOf(1), 'uniqueId'));
    expect(refusal()).toBeUndefined();
    decryptor.configure({ privateKeyFilePath: file });
    expect(refusal()).toBeUndefined();
    encryptor.configure({ publicKeyFilePath: next.publicKeyFilePath });
    expect(refusal()).toBeUndefined();
    decryptor.configure({ privateKeyFilePath: next.privateKeyFilePath });
    expect(refusal()).toBeUndefined();
    encryptor.configure({ publicKeyFilePath: own.publicKeyFilePath });
    expect(refusal()).toBe('key');
  });

  it('by another file of that name', async () => {
    const { publicPem, privatePem } = own;
    const [publicFile, privateFile] = [newFile(publicPem), newFile(privatePem)];
    const encryptor = newEncryptor({ publicKeyFilePath: publicFile });
    const decryptor = newDecryptor({ privateKeyFilePath: privateFile });
    const refusal = () => refusalOf(decryptor, encryptor.encrypt(frameOf(1), 'uniqueId'));
    expect(refusal()).toBeUndefined();
    replaceFile(publicFile, next.publicPem);
    await vi.waitFor(() => expect(refusal()).toBe('key'), { timeout: 30_000 });
    replaceFile(privateFile, privatePem + next.privatePem);
    await vi.waitFor(() => expect(refusal()).toBeUndefined(), { timeout: 30_000 });
  });
});

describe('KeyFile', () => {
  it('keeps what it has while the file cannot be read', async () => {
    const { logger, warnings } = logging();
    const path = newFile(own.privatePem);
    let changes = 0;
    const file = new KeyFile(path, 'private', logger, () => changes++);
    const { keys } = file;
    replaceFile(path, 'half a ke');
    await vi.waitFor(() => (file.look(), expect(warnings).toHaveLength(1)), { timeout: 30_000 });
    expect(warnings[0]).toBe(
      `the keys before stay in use: key file ${path}: expected a private RSA key in PEM, found none`,
    );
    expect(file.keys).toBe(keys);
    replaceFile(path, next.privatePem);
    await vi.waitFor(() => (file.look(), expect(changes).toBe(1)), { timeout: 30_000 });
    expect(file.keys).not.toBe(keys);
    expect(warnings).toHaveLength(1);
  });

  it.skipIf(process.platform === 'win32')('warns of a private key that others can read', () => {
    const { logger, warnings } = logging();
    for (const [mode, kind] of [
      [0o600, 'private'],
      [0o400, 'private'],
      [0o644, 'public'],
    ] as const)
      new KeyFile(newFile(kind === 'private' ? own.privatePem : own.publicPem, mode), kind, logger, () => {});
    expect(warnings).toEqual([]);
    const path = newFile(own.privatePem, 0o640);
    new KeyFile(path, 'private', logger, () => {});
    expect(warnings).toEqual([`private key ${path} is open to others (mode 640): chmod 600 ${path}`]);
  });
});

it('reads keys of PKCS #1 and #8, several of a file, and the public half of a private one', () => {
  const { fingerprint } = rsaKeysOf(own.publicPem, 'public', 'x')[0] as { fingerprint: Buffer };
  const pkcs1 = rsaKeysOf(own.privatePem, 'private', 'x')[0]?.key.export({ type: 'pkcs1', format: 'pem' }) as string;
  for (const text of [own.privatePem, `some words\n${pkcs1}\nmore`])
    expect(rsaKeysOf(text, 'private', 'x')[0]?.fingerprint).toEqual(fingerprint);
  expect(rsaKeysOf(own.privatePem + next.publicPem, 'public', 'x')).toHaveLength(2);
});

it.each([
  ['', 'expected a public RSA key in PEM, found none'],
  [newKeyFiles(1024).publicPem, 'the key has 1024 bits; at least 2048 are needed'],
  ['-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', 'it cannot be read as a public key'],
  ['-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----', 'protected by a passphrase'],
  [
    '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----',
    'expected an RSA key, found ed25519',
  ],
])('refuses what is no key', (text, message) => {
  expect(() => rsaKeysOf(text, 'public', 'a.pem')).toThrow('key file a.pem: ');
  expect(() => rsaKeysOf(text, 'public', 'a.pem')).toThrow(message);
});

it.each([
  [{ keyFrames: 0 }, 'expected keyFrames from 1 to 4294967296, not 0'],
  [{ keySeconds: NaN }, 'expected keySeconds from 1 to 86400, not null'],
  [{ cipher: 'aes' as never }, 'expected cipher to be one of auto, aes-256-gcm, chacha20-poly1305, not "aes"'],
  [{ sign: 2 as never }, 'expected sign to be true or false, not 2'],
  [{ sign: true }, 'expected privateKeyFilePath, because sign is true'],
  [{ publicKeyFilePath: '/does/not/exist' }, 'key file /does/not/exist cannot be read: ENOENT'],
])('an encryptor refuses the configuration %o', (config, message) => {
  const encryptor = newEncryptor();
  expect(() => encryptor.configure(config)).toThrow(message);
  expect(refusalOf(newDecryptor(), encryptor.encrypt(frameOf(1), 'uniqueId'))).toBeUndefined(); // all is as it was
});

it('an encryptor needs a key', () => {
  const { logger } = logging();
  expect(() => new Encryptor(logger).configure({})).toThrow('expected publicKeyFilePath');
  expect(() => new Encryptor(logger).start()).toThrow('expected publicKeyFilePath');
  expect(() => new Encryptor(logger).encrypt(frameOf(1), 'uniqueId')).toThrow('expected publicKeyFilePath');
});
