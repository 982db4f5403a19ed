import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { PvaflowError } from '../../../core/errors.js';
import { sharpPath } from './sharp.js';
import { workerProgram } from './worker-program.js';

/** What a JPEG decodes to: colours stand together, as in `RGB1`. */
export interface JpegPixels {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

/** Longer than any image takes: a thread that does not answer must not stop this one for ever. */
const PATIENCE_MS = 60_000;

let worker: Worker | undefined;

/**
 * Decodes a JPEG that must make so many values.
 *
 * @throws PvaflowError PVAFLOW_CODEC_DATA for anything else, PVAFLOW_CODEC_MODULE without the package `sharp`
 */
export async function decodeJpeg(bytes: Uint8Array, elements: number): Promise<JpegPixels> {
  const { answer } = request(bytes, elements);
  const message = await new Promise<unknown>((resolve) => {
    answer.once('message', resolve);
    answer.once('close', () => resolve(undefined)); // also when the thread has died
  });
  return pixelsOf(message, 'it has ended');
}

/** As decodeJpeg(), waiting for it here. */
export function decodeJpegNow(bytes: Uint8Array, elements: number): JpegPixels {
  const { answer, done } = request(bytes, elements);
  const outcome = Atomics.wait(done, 0, 0, PATIENCE_MS);
  const received = receiveMessageOnPort(answer) as { message: unknown } | undefined;
  answer.close();
  if (received === undefined) giveUpThread(); // it has died, or hangs: this thread hears of it only when it waits for nothing
  return pixelsOf(received?.message, outcome);
}

function request(bytes: Uint8Array, elements: number) {
  const { port1: answer, port2: reply } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  thread().postMessage({ bytes: bytes.slice(), elements, reply, done }, [reply]);
  return { answer, done };
}

function thread(): Worker {
  if (worker === undefined) {
    const started = new Worker(workerProgram, { eval: true, execArgv: [], name: 'jpeg', workerData: sharpPath() });
    started.on('exit', () => {
      if (worker === started) worker = undefined;
    });
    started.on('error', () => {}); // it answers nothing any more; the next image gets a new thread
    started.unref();
    worker = started;
  }
  return worker;
}

/** The next image gets a new one. */
function giveUpThread(): void {
  void worker?.terminate();
  worker = undefined;
}

function pixelsOf(message: unknown, outcome: string): JpegPixels {
  const answer = message as JpegPixels | { readonly error: string } | undefined;
  if (answer === undefined)
    throw new PvaflowError('PVAFLOW_CODEC_DATA', `the thread that decodes JPEG gave no answer (${outcome})`);
  if ('error' in answer) throw new PvaflowError('PVAFLOW_CODEC_DATA', answer.error);
  return answer;
}
