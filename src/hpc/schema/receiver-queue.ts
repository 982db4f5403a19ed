import type { z } from 'zod';
import type { OnFull } from '../../pipeline/bounded-queue.js';
import { defaultReceiverQueueBytes } from '../consumer-config.js';
import type { memory } from './input-schema.js';

type Memory = z.output<ReturnType<typeof memory>>;

/** The number of bytes that a setting means. */
export function memoryOf(bytes: Memory): number {
  return bytes === 'auto' ? defaultReceiverQueueBytes : bytes;
}

/** A queue as a configuration has it, in the words of a consumer or a collector. */
export function receiverQueue(queue: 'none' | { frames: number; bytes: Memory; onFull: OnFull }) {
  if (queue === 'none') return { receiverQueueSize: -1 };
  const { frames, bytes, onFull } = queue;
  return { receiverQueueSize: frames, receiverQueueBytes: memoryOf(bytes), inputOnFull: onFull };
}
