/** Encrypted records read by `cryptography` of Python; and a stream that two consumers encrypt and decrypt on its way. */
import ndarray from 'ndarray';
import { Encryptor, generateNtNdArray2D, NtNdArray, NtScalar, PvaClient, PvaServer, type PvObject } from 'pvaflow';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { getLogger } from '../../src/core/logger.js';
import { newKeyFiles } from '../processor/encryption/keys.js';
import { nextUpdate } from '../peers/events.js';
import { cryptographyFolder, pythonWithPeers } from '../peers/install.js';
import { newPlace } from '../peers/network.js';
import { ourClientOf, ourServerAt, startPvaflow } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';

const peers = usePeers();
const recipient = newKeyFiles();
const signer = newKeyFiles();

const hex = (record: PvObject, field: string) => Buffer.from(record.get<Uint8Array>(field)).toString('hex');

/** A record as test/peers/python/encryption.py reads it. */
function inJson(record: PvObject): unknown {
  const fields = ['data', 'key', 'signature', 'header'].map((field) => [field, hex(record, field)]);
  return { objectId: Number(record.get('objectId')), ...Object.fromEntries(fields) };
}

describe('cryptography of Python', () => {
  it('opens what we encrypted', async () => {
    const python = await peers.start({
      name: 'encryption.py',
      command: pythonWithPeers(),
      args: [fileURLToPath(new URL('../peers/python/encryption.py', import.meta.url)), 'open'],
      env: { PYTHONPATH: cryptographyFolder() },
    });
    for (const cipher of ['aes-256-gcm', 'chacha20-poly1305'] as const) {
      for (const sign of [false, true]) {
        const encryptor = new Encryptor(getLogger('test'));
        const { publicKeyFilePath } = recipient;
        encryptor.configure({ publicKeyFilePath, privateKeyFilePath: signer.privateKeyFilePath, sign, cipher });
        const record = encryptor.encrypt(NtScalar.from(-7.5), 'value id');
        const keys = { privateKey: recipient.privatePem, ...(sign && { signer: signer.publicPem }) };
        const answer = python.nextLine(/^[0-9a-f]+$/);
        python.write(JSON.stringify({ record: inJson(record), ...keys }));
        const content = Buffer.from(await answer, 'hex');
        expect(content.readDoubleLE(8 + content.readUInt32LE(4) + content.readUInt8(1))).toBe(-7.5); // the first field
        expect(content.toString('latin1')).toContain('epics:nt/NTScalar:1.0');
      }
    }
  });
});

it('a stream goes encrypted from consumer to consumer, and nobody in between reads it', async () => {
  const place = await newPlace();
  using server = new PvaServer(ourServerAt(place));
  const detector = server.addChannel('det:image', NtNdArray.type());
  const encrypting = { publicKeyFilePath: recipient.publicKeyFilePath, ...signing(), keyFrames: 7 };
  const encryptor = await startPvaflow(
    peers,
    [
      'consumer',
      '-ic',
      'det:image',
      '-siu',
      '0',
      '-oc',
      'det:encrypted',
      '-pc',
      'AdImageDataEncryptor',
      '-pa',
      json(encrypting),
      '-dc',
    ],
    { sources: [place], ready: /connected/ },
  );
  const decrypting = {
    privateKeyFilePath: recipient.privateKeyFilePath,
    verify: true,
    signerPublicKeyFilePath: signer.publicKeyFilePath,
  };
  await detector.post(image(0)); // opens the channel of the encryptor
  const decryptor = await startPvaflow(
    peers,
    [
      'consumer',
      '-ic',
      'det:encrypted',
      '-siu',
      '0',
      '-of',
      'objectId',
      '-oc',
      'det:clear',
      '-pc',
      'AdImageDataDecryptor',
    ].concat(['-pa', json(decrypting), '-sc', 'det:status', '-dc']),
    { sources: [encryptor.place], ready: /connected/ },
  );
  using client = new PvaClient(ourClientOf(encryptor.place, decryptor.place));
  using clear = client.monitor('det:clear', { queueSize: 64 });
  using observed = client.monitor('det:encrypted', { queueSize: 64 });
  await detector.post(image(1)); // opens the channel of the decryptor
  await untilId(clear, 'uniqueId', 1);
  for (let id = 2; id <= 20; id++) await detector.post(image(id));
  for (let id = 2; id <= 20; id++) {
    const frame = (await nextUpdate(clear)) as NtNdArray;
    expect(frame.uniqueId).toBe(id);
    expect(frame.data).toEqual(image(id).data);
    expect(frame.attribute('Operator')).toBe('somebody');
  }
  const record = await untilId(observed, 'objectId', 20);
  expect(Buffer.from(record.get<Uint8Array>('data')).includes('somebody')).toBe(false);
  expect(Object.keys(record.toObject())).toEqual(['objectId', 'data', 'key', 'signature', 'header']);
  const stats = (await client.get('det:status')).get<Record<string, unknown>>('userStats');
  expect(stats).toMatchObject({ nRefusedReplayed: 0, nRefusedTampered: 0, nRefusedKey: 0, nRefusedReordered: 0 });
  for (const { peer } of [encryptor, decryptor]) expect(peer.log()).not.toContain('somebody');
});

function signing() {
  return { sign: true, privateKeyFilePath: signer.privateKeyFilePath };
}

function json(value: unknown): string {
  return JSON.stringify(value);
}

function image(id: number): NtNdArray {
  const pixels = Uint16Array.from({ length: 128 * 64 }, (_, i) => i + id);
  return generateNtNdArray2D(id, ndarray(pixels, [64, 128])).setAttribute('Operator', 'somebody');
}

/** The first update with this id; those before it do not matter. */
async function untilId(updates: Parameters<typeof nextUpdate>[0], field: string, id: number): Promise<PvObject> {
  for (;;) {
    const update = await nextUpdate(updates);
    if (Number(update.get(field)) === id) return update;
  }
}
