import { z } from 'zod';
import { freeKeys, name } from '../../core/schema/values.js';
import { errorPolicies, stageOrders } from '../stages/stage-place.js';
import { queueShape } from './input-schema.js';

const shape = {
  name: z
    .string()
    .regex(/^[A-Za-z_]\w*$/)
    .optional()
    .describe('name in statistics and for the control channel; that of the class if it is not given')
    .meta({ expected: 'letters, digits and _' }),
  file: name('a TypeScript or JavaScript file')
    .optional()
    .describe('file with the class, relative to the configuration; absent: a built-in processor'),
  class: name('the name of a class').optional().describe('class in the file, or a built-in processor'),
  config: freeKeys().describe("the processor's own configuration"),
  queue: z
    .union([z.literal('none'), z.strictObject(queueShape).describe('the queue in front of this processor')])
    .prefault('none')
    .describe('a queue in front of it; none: the one before waits until it is taken'),
  concurrency: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      'so many objects may be in work as promises at a time; absent: as its class says, which is 1 if it does not',
    ),
  order: z
    .enum(stageOrders)
    .prefault('arrival')
    .describe('whether objects leave as they came, or as they are done, where several are in work'),
  onError: z
    .enum(errorPolicies)
    .prefault('soft')
    .describe('when it fails on an object. soft: that is counted, the next goes on; hard: the run fails'),
};

const isNamed = ({ file, class: className }: { file?: string | undefined; class?: string | undefined }) =>
  file !== undefined || className !== undefined;
const unnamed = { error: 'expected `file` (a TypeScript or JavaScript file) or `class` (a built-in processor)' };

/** One processor of a chain that runs in one process. */
export const processorSchema = z.strictObject(shape).refine(isNamed, unnamed).describe('a processor of the chain');

/** One processor of a chain that may be cut. */
export const cuttableProcessorSchema = z
  .strictObject({
    ...shape,
    process: z
      .enum(['shared', 'own'])
      .prefault('shared')
      .describe('own: it runs in a process of its own, and the chain is cut before and after it'),
  })
  .refine(isNamed, unnamed)
  .describe('a processor of the chain');

/** @param processor of which the chain is made */
export function processorsSchema<S extends z.ZodType>(processor: S) {
  return z.array(processor).prefault([]).describe('the chain, in order; empty: objects are handed on as they are');
}

export type ProcessorSettings = z.output<typeof processorSchema>;
