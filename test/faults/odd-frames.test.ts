/** Each built-in processor among frames that no detector should send: it refuses them one by one, says why, and goes on. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { Consumer, NtScalar, PvaClient, PvObject } from 'pvaflow';
import { runProcessor } from 'pvaflow/testing';
import { projectRoot } from '../peers/install.js';
import { goodFrame, oddFrames } from './odd-frames.js';

const folder = mkdtempSync(join(tmpdir(), 'pvaflow-odd-'));
afterAll(() => rmSync(folder, { recursive: true }));
const keyFile = join(folder, 'key.pem');
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });

/** Those that have to be told something. */
const configs: Readonly<Record<string, Record<string, unknown>>> = {
  'ad-image-binning': { binX: 2, binY: 2 },
  'ad-image-color-convert': { colorMode: 'Mono' },
  'ad-image-compressor': { codec: 'lz4' },
  'ad-image-data-encryptor': { privateKeyFilePath: keyFile },
  'ad-output-file-processor': { outputDirectory: join(folder, 'images'), existingFiles: 'number' },
  'data-encryptor': { privateKeyFilePath: keyFile },
  'hdf5-ad-image-writer': { outputDirectory: join(folder, 'hdf5') },
  'split-ad-image-processor': { nx: 2, ny: 2 },
  'stitch-ad-image-processor': { nx: 1, ny: 1 },
};
/** Classes to extend, and those that take encrypted records alone. */
const others = ['ad-image-processor', 'user-data-processor', 'data-decryptor', 'ad-image-data-decryptor'];
const files = readdirSync(join(projectRoot, 'processors')).map((file) => file.replace(/\.ts$/, ''));

const SEEDS = [1, 2, 3];
const COUNT = 60;
const GOOD_ID = 1000;

it.each(files.filter((name) => !others.includes(name)))(
  '%s accounts for each, and processes the good one behind',
  async (name) => {
    for (const seed of SEEDS) {
      const good = goodFrame(GOOD_ID).setAttribute('tileIndexX', 0).setAttribute('tileIndexY', 0);
      const run = await runProcessor(join(projectRoot, 'processors', `${name}.ts`), {
        frames: [...oddFrames(seed, COUNT), good],
        config: configs[name] ?? {},
      });
      const { nReceived, nProcessed, nFiltered, nRejected, nFailed, nInFlight } = run.stats.frameStats;
      expect({ seed, nReceived, nRejected, nInFlight }).toEqual({
        seed,
        nReceived: COUNT + 1,
        nRejected: 0,
        nInFlight: 0,
      });
      expect(nProcessed + nFiltered + nFailed).toBe(nReceived);
      expect(run.failed).toHaveLength(nFailed);
      for (const { id, error } of run.failed) {
        expect({ seed, id }).not.toEqual({ seed, id: GOOD_ID });
        expect(String(error)).not.toMatch(/is not a function|undefined|is not iterable|Cannot |ERR_/);
      }
      expect(run.leaks).toEqual([]);
    }
  },
);

it('a remote procedure takes objects of any type, one after the other', async () => {
  const consumer = await Consumer.create({
    consumerId: 1,
    channels: { input: 'call' },
    inputMode: 'rpc',
    skipInitialUpdates: 0,
    network: { server: { isolated: true } },
    processors: [{ className: 'PassThrough' }],
  });
  try {
    await consumer.start();
    using client = new PvaClient(consumer.clientConfig());
    const textId = new PvObject({ uniqueId: 'string' }, { uniqueId: 'seven' });
    for (const object of [goodFrame(1), NtScalar.from(5), goodFrame(2), textId, goodFrame(4)])
      expect((await client.rpc('call', object))?.get('status')).toBe(0);
    expect(consumer.report()).toMatchObject({ received: 5, processed: 5, missed: { count: 1 }, failed: {} });
  } finally {
    await consumer.drain();
  }
});
