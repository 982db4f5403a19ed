import { Worker } from 'node:worker_threads';

/** Runs in a thread of its own: reading and hashing a file takes a core for some time. */
const program = `
  const { parentPort } = require('node:worker_threads');
  const { createHash } = require('node:crypto');
  const { openSync, readSync, closeSync } = require('node:fs');
  const buffer = Buffer.allocUnsafe(4 * 2 ** 20);
  parentPort.on('message', ({ path, algorithm }) => {
    try {
      const hash = createHash(algorithm);
      const file = openSync(path);
      try {
        for (let count; (count = readSync(file, buffer)) > 0; ) hash.update(buffer.subarray(0, count));
      } finally {
        closeSync(file);
      }
      parentPort.postMessage({ checksum: hash.digest('hex') });
    } catch (error) {
      parentPort.postMessage({ error });
    }
  });`;

type Answer = { readonly checksum: string } | { readonly error: Error };

/** Checksums of files as they stand on the disk, one file at a time. */
export class FileChecksums implements AsyncDisposable {
  #worker: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(readonly algorithm: string) {}

  of(path: string): Promise<string> {
    const checksum = this.#last.then(() => this.#ask(path));
    this.#last = checksum.catch(() => {});
    return checksum;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last;
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  #ask(path: string): Promise<string> {
    const worker = (this.#worker ??= new Worker(program, { eval: true, execArgv: [] }));
    return new Promise((resolve, reject) => {
      const onMessage = (answer: Answer) => {
        worker.off('error', reject);
        if ('error' in answer) reject(answer.error);
        else resolve(answer.checksum);
      };
      worker.once('message', onMessage);
      worker.once('error', reject);
      worker.postMessage({ path, algorithm: this.algorithm });
    });
  }
}
