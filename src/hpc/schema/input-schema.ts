import { z } from 'zod';
import { bytes, freeKeys, name, seconds } from '../../core/schema/values.js';
import { onFullPolicies } from '../../pipeline/bounded-queue.js';

const inputModes = ['pva', 'pvas', 'rpc', 'ca'] as const;

const accumulateSchema = z
  .strictObject({
    objects: z.int().min(1).describe('process when so many are queued'),
    timeout: seconds().prefault(1).describe('… or when nothing came for so long'),
  })
  .describe('let objects gather in the queue before they are processed');

/** Memory for objects that wait. */
export const memory = () =>
  z
    .union([z.literal('auto'), bytes()])
    .prefault('auto')
    .describe('how much memory they may take; auto: a quarter of that of the machine, at most 2GiB')
    .meta({ expected: 'auto or a size such as 512MiB' });

/** A queue in front of something that takes objects. */
export const queueShape = {
  frames: z.int().min(0).prefault(0).describe('how many objects may wait; 0: any number'),
  bytes: memory(),
  onFull: z.enum(onFullPolicies).prefault('wait').describe('what happens when it is full'),
};

const queueSchema = z
  .strictObject({ ...queueShape, accumulate: accumulateSchema.optional() })
  .refine(({ frames, accumulate }) => frames === 0 || (accumulate?.objects ?? 0) <= frames, {
    path: ['accumulate', 'objects'],
    error: 'more objects than the queue has room for: enlarge queue.frames (--receiver-queue-size)',
  })
  .describe('the queue in front of the processors');

/** What is asked of the server of any input. */
export const inputShape = {
  fields: z.array(z.string().min(1)).prefault([]).describe('fields to ask for, the id is added; empty: all'),
  serverQueue: z.int().min(0).prefault(0).describe('queue to ask the server for; 0: as it thinks'),
};

/** Where objects come from. */
export const inputSchema = z
  .strictObject({
    channel: name('the name of a channel').describe('channel to monitor; * becomes the id'),
    mode: z.enum(inputModes).prefault('pva').describe('how objects come in'),
    args: freeKeys().describe('arguments of the receiver'),
    fields: inputShape.fields,
    idField: z.string().min(1).prefault('uniqueId').describe('field with the id by which missed frames are told'),
    idOffset: z
      .int()
      .min(0)
      .prefault(0)
      .describe('how far ids are apart from one turn to the next; 0: as `distribute` and `consumers` make it'),
    skipInitial: z
      .int()
      .min(0)
      .optional()
      .describe('updates at the beginning that are not processed; absent: 1 in the modes pva and ca, else 0'),
    serverQueue: inputShape.serverQueue,
    queue: z
      .union([z.literal('none'), queueSchema])
      .prefault('none')
      .describe('the queue in front of the processors; none: objects stay with the server until they are wanted'),
  })
  .describe('where objects come from');
