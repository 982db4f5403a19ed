/** Images that are encrypted on their way: by our consumers, and by pvaPy's. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cryptographyFolder, pythonWithPeers } from '../../test/peers/install.js';
import { clientOf, newPlace, pvapyClientOf, serverAt, type Environment } from '../../test/peers/network.js';
import { Peer } from '../../test/peers/peer.js';
import type { SinkKind } from '../ends.js';
import { queueFor } from '../queue.js';
import type { Size } from '../sizes.js';
import { countFile, ourCommand } from './chains.js';
import { startPvapySink } from './pvapy.js';

let file: string | undefined;

/** A private key, as pvaPy reads it: PKCS #1. Both sides use it, as with pvaPy. */
export function privateKeyFile(): string {
  if (file !== undefined) return file;
  file = join(mkdtempSync(join(tmpdir(), 'pvaflow-bench-')), 'private.pem');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(file, privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  return file;
}

const stage = (className: string) => [
  ...['-pc', className, '-pa', JSON.stringify({ privateKeyFilePath: privateKeyFile() })],
];

/** A single class before a file would be taken for one in it. */
const COUNT = ['-pc', 'PassThrough', '-pf', countFile];

function startConsumer(args: readonly string[], size: Size, env: Environment, ready: RegExp): Promise<Peer> {
  const common = ['-sqs', `${queueFor(size)}`, '-rp', '0', '-dc'];
  return Peer.start({ ...ourCommand, args: [...ourCommand.args, ...args, ...common], env, ready });
}

const FIRST_COUNT = /^\{"received":1,/;

/** One of our consumers that encrypts each image, and counts. */
export const ourEncryption: SinkKind = {
  name: 'our encryption',
  async start({ channel, reach }, size) {
    const env = { ...reach, ...serverAt(await newPlace()) };
    const args = ['-ic', channel, ...stage('AdImageDataEncryptor'), ...COUNT];
    return { peer: await startConsumer(args, size, env, FIRST_COUNT) };
  },
};

/** One of our consumers that encrypts and decrypts each image, and counts those that it has again. */
export const ourEncryptionInOne: SinkKind = {
  name: 'our encryption and decryption in one',
  async start({ channel, reach }, size) {
    const chain = [...stage('AdImageDataEncryptor'), ...stage('AdImageDataDecryptor'), ...COUNT];
    const env = { ...reach, ...serverAt(await newPlace()) };
    return { peer: await startConsumer(['-ic', channel, ...chain], size, env, FIRST_COUNT) };
  },
};

/** One that encrypts and publishes, and one that decrypts and counts. */
export const ourEncryptionInTwo: SinkKind = {
  name: 'our encryption → our decryption',
  async start({ channel, reach }, size) {
    const [place, last] = [await newPlace(), await newPlace()];
    const encrypting = ['-ic', channel, '-oc', 'bench:encrypted', ...stage('AdImageDataEncryptor')];
    const encryptor = await startConsumer(encrypting, size, { ...reach, ...serverAt(place) }, /connected/);
    const decrypting = ['-ic', 'bench:encrypted', '-of', 'objectId', ...stage('AdImageDataDecryptor'), ...COUNT];
    const env = { ...clientOf(place), ...serverAt(last) };
    return { peer: await startConsumer(decrypting, size, env, FIRST_COUNT), before: [encryptor] };
  },
};

/** pvaPy's consumer that encrypts, and does no more. */
export const pvapyEncryption: SinkKind = {
  name: 'pvaPy encryption',
  start: (source, size) => {
    const args = ['--processor-args', JSON.stringify({ privateKeyFilePath: privateKeyFile() })];
    return startPvapySink(source, size, args, 'encrypt', { PYTHONPATH: cryptographyFolder() });
  },
};

/** One that encrypts and publishes, and one that decrypts and counts. */
export const pvapyEncryptionInTwo: SinkKind = {
  name: 'pvaPy encryption → pvaPy decryption',
  async start({ channel, place }, size) {
    const between = await newPlace();
    const config = ['--processor-args', JSON.stringify({ privateKeyFilePath: privateKeyFile() })];
    const environment = { PYTHONPATH: cryptographyFolder() };
    const encryptor = await Peer.start({
      name: 'pvaPy encryption',
      command: pythonWithPeers(),
      args: [
        ...['-c', 'from pvapy.cli.hpcConsumer import main; main()', '--input-channel', channel],
        ...['--processor-class', 'pvapy.hpc.adImageDataEncryptor.AdImageDataEncryptor', ...config],
        ...['--output-channel', 'bench:encrypted', '--server-queue-size', `${queueFor(size)}`],
        ...['--report-period', '0', '--disable-curses'],
      ],
      env: { ...pvapyClientOf(place), ...serverAt(between), ...environment },
    }); // it says nothing
    const input = { peer: encryptor, place: between, channel: 'bench:encrypted', reach: {} };
    const { peer } = await startPvapySink(input, size, [...config, '--oid-field', 'objectId'], 'decrypt', environment);
    return { peer, before: [encryptor] };
  },
};
