import { loadProcessor, NtNdArray, NtScalar, PvObject, type PvType } from 'pvaflow';
import { describe, expect, it } from 'vitest';
import { configureLogging } from '../../src/core/logger.js';
import { frameOf, own } from '../processor/encryption/crypting.js';
import { run } from '../processor/running.js';

configureLogging({ level: 'silent' });

const { publicKeyFilePath, privateKeyFilePath } = own;

async function started(className: string, args: Record<string, unknown>) {
  const processor = await loadProcessor({ className, args });
  return { processor, ...(await run(processor, args)) };
}

describe.each([
  ['DataEncryptor', 'DataDecryptor'],
  ['AdImageDataEncryptor', 'AdImageDataDecryptor'],
])('%s and %s', (encryptorClass, decryptorClass) => {
  it('publish and hand on what the other made', async () => {
    const encryptor = await started(encryptorClass, { publicKeyFilePath, keyFrames: 1 });
    const decryptor = await started(decryptorClass, { privateKeyFilePath });
    for (const id of [7, 8]) {
      const frame = frameOf(id);
      const record = (await encryptor.process(frame)) as PvObject;
      expect(encryptor.published.at(-1)?.toJSON()).toEqual(record.toJSON());
      expect(record.type.equals(encryptor.processor.getOutputPvObjectType(frame) as PvType)).toBe(true);
      const back = await decryptor.process(record);
      expect(back?.toJSON()).toEqual(frame.toJSON());
      expect(decryptor.published.at(-1)?.toJSON()).toEqual(frame.toJSON());
      await expect(decryptor.process(record)).rejects.toMatchObject({ code: 'PVAFLOW_DECRYPT_REPLAYED' });
    }
    expect(encryptor.processor.getStats()).toMatchObject({ nEncrypted: 2, nKeys: 2 });
    expect(decryptor.processor.getStats()).toMatchObject({ nDecrypted: 2, nRefusedReplayed: 2, nRefusedTampered: 0 });
    expect(decryptor.published).toHaveLength(2);
    for (const { processor } of [encryptor, decryptor]) {
      expect(Object.keys(processor.getStatsPvaTypes())).toEqual(Object.keys(processor.getStats()));
      processor.resetStats();
      expect(processor.getStats()).toMatchObject({ processingTime: 0, processingRate: 0 });
    }
    expect(decryptor.processor.getStats()).toMatchObject({ nDecrypted: 0, nRefusedReplayed: 0 });
  });

  it('need their keys, and refuse others and unknown arguments', async () => {
    await expect(started(encryptorClass, {})).rejects.toThrow('expected publicKeyFilePath');
    await expect(started(decryptorClass, {})).rejects.toThrow('expected privateKeyFilePath');
    await expect(started(decryptorClass, { privateKeyFilePath: '/none' })).rejects.toThrow('key file /none');
    await expect(started(encryptorClass, { publicKeyFile: publicKeyFilePath })).rejects.toThrow(
      'Did you mean "publicKeyFilePath"?',
    );
  });

  it('take a key as pvaPy gives it: one private key for both', async () => {
    const encryptor = await started(encryptorClass, { privateKeyFilePath, sign: true });
    const decryptor = await started(decryptorClass, { privateKeyFilePath, verify: true });
    const record = (await encryptor.process(frameOf(1))) as PvObject;
    expect((await decryptor.process(record))?.get('uniqueId')).toBe(1);
    await encryptor.processor.configure({ sign: false, receiverQueueSize: 5 }); // what else the control channel sends
    const unsigned = (await encryptor.process(frameOf(2))) as PvObject;
    await expect(decryptor.process(unsigned)).rejects.toMatchObject({ code: 'PVAFLOW_DECRYPT_SIGNATURE' });
  });
});

it('images are for those that say so, other objects for the others', async () => {
  const encryptor = await started('DataEncryptor', { publicKeyFilePath });
  const decryptor = await started('AdImageDataDecryptor', { privateKeyFilePath });
  const record = (await encryptor.process(NtScalar.from(5))) as PvObject;
  await expect(decryptor.process(record)).rejects.toMatchObject({ code: 'PVAFLOW_DECRYPT_CONTENT' });
  expect(decryptor.published).toEqual([]);
  const images = await started('AdImageDataEncryptor', { publicKeyFilePath });
  await expect(images.process(NtScalar.from(5))).rejects.toThrow('expected an NTNDArray');
  expect(images.published).toEqual([]);
  expect(images.processor.getInputPvObjectType()).toBe(NtNdArray.type());
});

it('the record that a channel begins with is not handed on', async () => {
  const encryptor = await started('DataEncryptor', { publicKeyFilePath });
  const decryptor = await started('DataDecryptor', { privateKeyFilePath });
  const type = encryptor.processor.getOutputPvObjectType(frameOf(1));
  expect(await decryptor.process(new PvObject(type as PvType))).toBeNull();
  expect(decryptor.processor.getOutputPvObjectType(frameOf(1))).toBeNull();
  expect(decryptor.published).toEqual([]);
});
