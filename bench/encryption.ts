// npm run bench -- --topic encryption: what encryption costs by itself; the pairs `encrypt…` show it on channels.
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import ndarray from 'ndarray';
import { getLogger } from '../src/core/logger.js';
import { Decryptor, Encryptor, generateNtNdArray2D, type NtNdArray } from '../src/index.js';
import { CIPHERS, type Cipher } from '../src/pva/sealing.js';
import { keepHeap } from './heap.js';
import { median } from './results.js';
import { privateKeyFile } from './sinks/encryption.js';
import { titleOf, type Size } from './sizes.js';
import { aligned } from './table.js';

const WARM_UP_MS = 300;
const MEASURE_MS = 1000;

/** Bytes per second that OpenSSL's own test reaches on one core with blocks of this size. */
function opensslRate(cipher: Cipher, bytes: number): number {
  const args = ['speed', '-mr', '-seconds', '1', '-bytes', `${bytes}`, '-evp', cipher];
  const output = execFileSync('openssl', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const found = /^\+F:\d+:[^:]+:([\d.]+)$/m.exec(output)?.[1];
  if (found === undefined) throw new Error(`openssl speed has not told how fast ${cipher} is:\n${output}`);
  return Number(found);
}

function frameOf({ side, dtype }: Size): NtNdArray {
  const pixels = dtype === 'uint8' ? new Uint8Array(side * side) : new Uint16Array(side * side);
  for (let i = 0; i < pixels.length; i++) pixels[i] = i * 31;
  return generateNtNdArray2D(1, ndarray(pixels as Uint8Array, [side, side]));
}

/** Processor time to encrypt and to decrypt a frame, in microseconds; as OpenSSL's test, which does not count waiting either. */
function timesOf(cipher: Cipher, size: Size): { readonly encrypt: number; readonly decrypt: number } {
  const encryptor = new Encryptor(getLogger('bench'));
  const decryptor = new Decryptor(getLogger('bench'));
  encryptor.configure({ privateKeyFilePath: privateKeyFile(), cipher });
  decryptor.configure({ privateKeyFilePath: privateKeyFile() });
  const frame = frameOf(size);
  const round = () => {
    const startedAt = performance.now();
    const record = encryptor.encrypt(frame, 'uniqueId');
    const encryptedAt = performance.now();
    decryptor.decrypt(record)?.release();
    record.release();
    return [encryptedAt - startedAt, performance.now() - encryptedAt] as const;
  };
  for (const end = performance.now() + WARM_UP_MS; performance.now() < end;) round();
  let [encrypt, decrypt, count] = [0, 0, 0];
  const before = process.cpuUsage();
  for (const end = performance.now() + MEASURE_MS; performance.now() < end; count++) {
    const [first, second] = round();
    [encrypt, decrypt] = [encrypt + first, decrypt + second];
  }
  const { user, system } = process.cpuUsage(before);
  const each = (user + system) / count;
  return { encrypt: (each * encrypt) / (encrypt + decrypt), decrypt: (each * decrypt) / (encrypt + decrypt) };
}

/** Rates of one cipher at one size: one row. */
function rowOf(cipher: Cipher, size: Size, repetitions: number): string[] {
  const openssl: number[] = [];
  const both: number[] = [];
  const [encrypt, decrypt]: [number[], number[]] = [[], []];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    openssl.push(opensslRate(cipher, size.bytes));
    const times = timesOf(cipher, size);
    encrypt.push(1e6 / times.encrypt);
    decrypt.push(1e6 / times.decrypt);
    both.push(1e6 / (times.encrypt + times.decrypt));
  }
  const share = (2 * size.bytes * median(both)) / median(openssl); // each byte goes through the cipher twice
  const rates = [median(encrypt), median(decrypt), median(both)].map((rate) => Math.round(rate).toLocaleString('en'));
  const gigabytes = [(2 * size.bytes * median(both)) / 1e9, median(openssl) / 1e9].map((rate) => rate.toFixed(2));
  const verdict = size.bytes < 100_000 ? '' : `>= 60 % ${share >= 0.6 ? 'met' : 'MISSED'}`;
  return [`${titleOf(size)} ${cipher}`, ...rates, ...gigabytes, `${(share * 100).toFixed(0)} %`, verdict];
}

const HEADINGS = ['', 'encrypt/s', 'decrypt/s', 'both/s', 'GB/s', 'openssl speed', 'share', 'target'];

/** What encryption costs on one core, without sockets, beside OpenSSL's own test. */
export async function encryptionTable(sizes: readonly Size[], repetitions: number): Promise<string> {
  await keepHeap();
  const rows = sizes.flatMap((size) => CIPHERS.map((cipher) => rowOf(cipher, size, repetitions)));
  const title = `${cpus()[0]?.model ?? 'CPU'}, one core; frames encrypted and decrypted, median of ${repetitions}`;
  return `${title}\n\n${aligned([HEADINGS, ...rows])}\n\n`;
}
