/** "Data Encryption". */
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { newPlace } from '../peers/network.js';
import { connected, interrupt, seenEnd, useGuide } from './guide.js';

const guide = useGuide();
const FRAMES = 50;

const encrypting = String.raw`
pvaflow consumer \
    --input-channel pvapy:image \
    --control-channel enc:*:control \
    --status-channel enc:*:status \
    --output-channel enc:*:output \
    --processor-class pvapy.hpc.adImageDataEncryptor.AdImageDataEncryptor \
    --processor-args '{"privateKeyFilePath" : "/path/to/id_rsa", "sign" : 1}' \
    --report-period 10 \
    --log-level debug`;

const decrypting = String.raw`
pvaflow consumer \
    --input-channel enc:*:output \
    --control-channel dec:*:control \
    --status-channel dec:*:status \
    --output-channel dec:*:output \
    --processor-class pvapy.hpc.adImageDataDecryptor.AdImageDataDecryptor \
    --oid-field objectId \
    --processor-args '{"privateKeyFilePath" : "/path/to/id_rsa", "verify" : 1}' \
    --report-period 10 \
    --log-level debug`;

const processing = String.raw`
pvaflow consumer \
    --input-channel dec:*:output \
    --control-channel proc:*:control \
    --status-channel proc:*:status \
    --output-channel proc:*:output \
    --processor-file /path/to/hpcAdImageProcessorExample.py \
    --processor-class HpcAdImageProcessor \
    --report-period 10 \
    --log-level debug`;

it('images are encrypted and signed by one consumer, verified and decrypted by another, and processed by a third', async () => {
  const key = join(guide.folder, 'id_rsa');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(key, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  const instead = { '/path/to/id_rsa': key };
  const detector = await newPlace();
  const encryptor = await guide.type(encrypting, { sources: [detector], instead });
  const decryptor = await guide.type(decrypting, { sources: [encryptor.place], instead });
  const processor = await guide.type(processing, { sources: [decryptor.place] });
  await guide.type('pvaflow sim-server -cn pvapy:image -nx 128 -ny 128 -dt uint8 -rt 60 -fps 1', {
    at: detector,
    instead: { '-fps 1': '-fps 100' },
    more: `--count ${FRAMES} --await-subscribers 2 -shd 600`,
  });
  await connected(encryptor, 'pvapy:image', 1);
  await connected(decryptor, 'enc:1:output', 1);
  await connected(processor, 'dec:1:output', 1); // there before the first image is
  const original = guide.image(detector, 'pvapy:image', FRAMES); // the last subscriber that the simulator waits for
  const decrypted = await guide.image(decryptor.place, 'dec:1:output', FRAMES);
  await guide.image(processor.place, 'proc:1:output', FRAMES);
  expect(decrypted.data).toEqual((await original).data);
  const encrypted = await guide.client(encryptor.place).get('enc:1:output');
  expect([encrypted.get('objectId'), encrypted.has('value')]).toEqual([FRAMES, false]);
  const account = new RegExp(`processed ${FRAMES} {3}published ${FRAMES} {3}failed 0 {3}missed 0 {3}rejected 0`);
  expect(await interrupt(encryptor)).toMatch(account);
  await seenEnd(decryptor, 1);
  expect(await interrupt(decryptor)).toMatch(account);
  await seenEnd(processor, 1);
  expect(await interrupt(processor)).toMatch(account);
});
