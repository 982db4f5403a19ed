import { z } from 'zod';
import { freeKeys, name } from '../../core/schema/values.js';
import { tileLayoutPattern } from '../../image/tile-grid.js';
import { distributeSchema } from './distribute-schema.js';
import { idFormatSchema, idSchema, idsSchema } from './id-schema.js';
import { inputSchema } from './input-schema.js';
import { onFullPolicies } from '../../pipeline/bounded-queue.js';
import { outputModes, outputOnFullSchema } from './output-schema.js';
import { checkPlaces } from './place-problems.js';
import { processorSchema, processorsSchema } from './processor-schema.js';
import { reportParts } from './run-schema.js';
import { streamShape } from './stream-schema.js';

/** What a report of a splitter may show. */
export const splitterReportParts = [...reportParts, 'output'] as const;
export type SplitterReportPart = (typeof splitterReportParts)[number];

const splitSchema = z
  .strictObject({
    updates: z
      .int()
      .min(1)
      .optional()
      .describe('by turns, as without the other two: so many updates in a row for each output; 1'),
    hash: z
      .string()
      .min(1)
      .optional()
      .describe('by the value of a field, such as timeStamp.userTag: equal values go to the same output'),
    tiles: z
      .string()
      .regex(tileLayoutPattern)
      .optional()
      .describe('cut images into columns x rows: one tile for each output')
      .meta({ expected: 'columns and rows, such as 2x2' }),
  })
  .refine((rules) => Object.values(rules).filter((rule) => rule !== undefined).length <= 1, {
    error: 'it can be split in one way at a time: expected `updates`, `hash` or `tiles`',
  })
  .prefault({})
  .describe('which output an object goes to');

const outputSchema = z
  .strictObject({
    channel: name('the name of a channel').describe('channels to publish on; * becomes the id of each output'),
    number: z.int().min(1).max(10_000).optional().describe('how many; absent: 2, or one for each tile'),
    ids: idsSchema('outputs').optional().describe('their ids, in the place of `number`; absent: 1, 2 …'),
    mode: z.enum(outputModes).prefault('pvas').describe('how objects go out'),
    args: freeKeys().describe('arguments of the publisher of each'),
    onFull: outputOnFullSchema,
    policies: z
      .array(z.enum(onFullPolicies))
      .min(1)
      .optional()
      .describe('the same for each output, in the place of `onFull`; wait holds back all'),
  })
  .refine(({ number, ids }) => number === undefined || ids === undefined, {
    path: ['ids'],
    error: 'give `number` (--n-outputs) or `ids` (--output-id-list), not both',
  })
  .describe('where objects go to');

/** A splitter: one input, a chain of processors, several outputs. */
export const splitterSchema = z
  .strictObject({
    kind: z.literal('splitter').describe('what this file configures'),
    id: idSchema.prefault(1).describe('id of the splitter'),
    idFormat: idFormatSchema,
    input: inputSchema.prefault({} as never), // so that it is the channel in it that is missing
    processors: processorsSchema(processorSchema),
    split: splitSchema,
    output: outputSchema.prefault({} as never),
    distribute: distributeSchema.optional(),
    ...streamShape(splitterReportParts),
  })
  .check(checkPlaces)
  .describe('a splitter: it takes the objects of one channel through a chain of processors onto several');

/** The complete configuration of a splitter, defaults included. */
export type SplitterSettings = z.output<typeof splitterSchema>;
