import { z } from 'zod';
import { controlSchema, runShape, statusSchema } from './run-schema.js';
import { inputSchema } from './input-schema.js';
import { outputSchema } from './output-schema.js';
import { processorSchema } from './processor-schema.js';

const consumerId = z.int().min(0).max(0xffff_ffff);

const distributeSchema = z
  .strictObject({
    plugin: z.string().min(1).prefault('pydistributor').describe('name of the distributor of the server'),
    group: z.string().min(1).optional().describe('group of clients that share the updates'),
    set: z.string().min(1).optional().describe('set within the group whose clients get the same'),
    trigger: z.string().min(1).optional().describe('field that tells updates apart'),
    updates: z.int().min(1).optional().describe('sequential updates of each turn'),
    sets: z.int().min(1).prefault(1).describe('number of sets'),
  })
  .describe("take turns with others: the data distributor of the input channel's server");

/** A consumer, or several alike: input, chain of processors, output. */
export const consumerSchema = z
  .strictObject({
    kind: z.literal('consumer').prefault('consumer').describe('what this file configures'),
    id: consumerId.prefault(1).describe('id of the consumer, of the first of several'),
    consumers: z.int().min(1).max(10_000).prefault(1).describe('number of consumers, each a process'),
    ids: z.array(consumerId).min(1).max(10_000).optional().describe('their ids, in the place of `id` and `consumers`'),
    idFormat: z.string().optional().describe('how the id is written in the names of channels, such as 03d'),
    input: inputSchema,
    processors: z
      .array(processorSchema)
      .prefault([])
      .describe('the chain, in order; empty: objects are handed on as they are'),
    output: outputSchema,
    status: statusSchema,
    control: controlSchema,
    distribute: distributeSchema.optional(),
    ...runShape,
  })
  .describe('a consumer: it takes the objects of a channel through a chain of processors');

/** The complete configuration of consumers, defaults included. */
export type ConsumerSettings = z.output<typeof consumerSchema>;
