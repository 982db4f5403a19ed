import type { Command } from 'commander';
import { defaultReceiverQueueBytes } from '../hpc/consumer-config.js';
import type { OutputOnFull } from '../hpc/outputs/output.js';
import { onFullPolicies, type OnFull } from '../pipeline/bounded-queue.js';
import { byteCount, oneOf, wholeNumber } from './option-values.js';

/** The options of a command whose input and output have queues. */
export interface QueueCliOptions {
  onFull: OnFull;
  outputOnFull?: OutputOnFull;
  inputOnFull?: OnFull;
  serverQueueSize: number;
  receiverQueueSize: number;
  receiverQueueBytes: number;
}

/** @param receiverQueue what the queue of the receiver is */
export function addQueueOptions(command: Command, receiverQueue: string): void {
  command
    .option(
      '--on-full <policy>',
      'when a queue is full, of the output or of the input: wait, dropOldest, dropNewest, fail (input)',
      oneOf(onFullPolicies),
      'wait',
    )
    .option(
      '--output-on-full <policy>',
      'the same for subscribers of the output channel alone; with fail a slow one ends the run',
      oneOf(onFullPolicies),
    )
    .option('--input-on-full <policy>', 'the same for the receiver queue alone', oneOf(onFullPolicies))
    .option('--server-queue-size <n>', 'queue to ask the server for; 0 or less: as it thinks', wholeNumber, 0)
    .option('--receiver-queue-size <n>', receiverQueue, wholeNumber, -1)
    .option('--receiver-queue-bytes <bytes>', 'memory that this queue may take', byteCount, defaultReceiverQueueBytes);
}
