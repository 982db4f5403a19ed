import { z } from 'zod';
import { seconds } from '../../core/schema/values.js';
import { distributeSchema } from './distribute-schema.js';
import { idFormatSchema, idSchema, idsSchema } from './id-schema.js';
import { inputSchema } from './input-schema.js';
import { outputSchema } from './output-schema.js';
import { checkPlaces } from './place-problems.js';
import { cuttableProcessorSchema, processorsSchema } from './processor-schema.js';
import { reportParts } from './run-schema.js';
import { streamShape } from './stream-schema.js';

/** A consumer, or several alike: input, chain of processors, output. */
export const consumerSchema = z
  .strictObject({
    kind: z.literal('consumer').prefault('consumer').describe('what this file configures'),
    id: idSchema.prefault(1).describe('id of the consumer, of the first of several'),
    consumers: z.int().min(1).max(10_000).prefault(1).describe('number of consumers, each a process'),
    ids: idsSchema('consumers').optional().describe('their ids, in the place of `id` and `consumers`'),
    threads: z
      .boolean()
      .prefault(false)
      .describe('several consumers as threads of one process, instead of a process each'),
    maxRestarts: z
      .int()
      .min(-1)
      .prefault(-1)
      .describe('one that crashes is started again; given up after so many times in an hour; -1: never'),
    stallTimeout: seconds()
      .prefault(0)
      .describe('one whose event loop or processor is stuck for so long is killed and started again; 0: never'),
    idFormat: idFormatSchema,
    input: inputSchema.prefault({} as never), // so that it is the channel in it that is missing
    processors: processorsSchema(cuttableProcessorSchema),
    output: outputSchema,
    distribute: distributeSchema.optional(),
    ...streamShape(reportParts),
  })
  .refine(({ threads, processors }) => !threads || processors.every((each) => each.process === 'shared'), {
    path: ['threads'],
    error: 'threads of one process cannot be cut: take `process: own` out of the processors, or `threads` (--threads)',
  })
  .check(checkPlaces)
  .describe('a consumer: it takes the objects of a channel through a chain of processors');

/** The complete configuration of consumers, defaults included. */
export type ConsumerSettings = z.output<typeof consumerSchema>;
