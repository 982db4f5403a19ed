import { z } from 'zod';
import { endOfAcquisitionSchema } from './acquisition-schema.js';
import { idSchema, idsSchema } from './id-schema.js';
import { controlSchema, reportParts, runShape, statusSchema } from './run-schema.js';
import { inputSchema } from './input-schema.js';
import { metadataSchema } from './metadata-schema.js';
import { outputSchema } from './output-schema.js';
import { cuttableProcessorSchema } from './processor-schema.js';

const distributeSchema = z
  .strictObject({
    plugin: z.string().min(1).prefault('pydistributor').describe('name of the distributor of the server'),
    group: z.string().min(1).optional().describe('group of clients that share the updates'),
    set: z.string().min(1).optional().describe('set within the group whose clients get the same'),
    trigger: z.string().min(1).optional().describe('field that tells updates apart'),
    updates: z.int().min(1).max(999_999_999).optional().describe('sequential updates of each turn'),
    mode: z.enum(['one', 'all']).optional().describe('who of a set gets an update; all if a set is named, else one'),
    sets: z.int().min(1).prefault(1).describe('number of sets'),
  })
  .refine(({ set, sets }) => sets === 1 || set !== undefined, {
    path: ['sets'],
    error: 'of several sets this consumer belongs to one: name it with distribute.set (--distributor-set)',
  })
  .describe("take turns with others: the data distributor of the input channel's server");

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
    idFormat: z.string().optional().describe('how the id is written in the names of channels, such as 03d'),
    input: inputSchema.prefault({} as never), // so that it is the channel in it that is missing
    processors: z
      .array(cuttableProcessorSchema)
      .prefault([])
      .describe('the chain, in order; empty: objects are handed on as they are'),
    output: outputSchema,
    status: statusSchema,
    control: controlSchema,
    distribute: distributeSchema.optional(),
    metadata: metadataSchema,
    endOfAcquisition: endOfAcquisitionSchema.optional(),
    ...runShape(reportParts),
  })
  .refine(({ threads, processors }) => !threads || processors.every((each) => each.process === 'shared'), {
    path: ['threads'],
    error: 'threads of one process cannot be cut: take `process: own` out of the processors, or `threads` (--threads)',
  })
  .describe('a consumer: it takes the objects of a channel through a chain of processors');

/** The complete configuration of consumers, defaults included. */
export type ConsumerSettings = z.output<typeof consumerSchema>;
