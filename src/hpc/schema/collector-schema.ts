import { z } from 'zod';
import { name, seconds } from '../../core/schema/values.js';
import { cachePolicies } from '../collector/ordering-options.js';
import { idFormatSchema, idSchema, idsSchema } from './id-schema.js';
import { inputShape, memory, queueShape } from './input-schema.js';
import { servedOutputSchema } from './output-schema.js';
import { checkPlaces } from './place-problems.js';
import { processorSchema, processorsSchema } from './processor-schema.js';
import { reportParts } from './run-schema.js';
import { streamShape } from './stream-schema.js';

/** What a report of a collector may show. */
export const collectorReportParts = ['collector', 'producer', ...reportParts, 'order'] as const;
export type CollectorReportPart = (typeof collectorReportParts)[number];

const inputSchema = z
  .strictObject({
    channel: name('the name of a channel').describe('channels to monitor; * becomes the id of each producer'),
    ...inputShape,
    idField: z.string().min(1).prefault('uniqueId').describe('field with the id by which objects are put in order'),
    idOffset: z.int().min(1).prefault(1).describe('how far ids are apart'),
    skipInitial: z
      .int()
      .min(0)
      .prefault(1)
      .describe('updates of each producer that are not collected at the beginning'),
    queue: z
      .union([z.literal('none'), z.strictObject(queueShape).describe('the queue of each producer')])
      .prefault('none')
      .describe('the queue of each producer in front of the cache, ten times as large as that at least'),
  })
  .describe('where objects come from');

const orderSchema = z
  .strictObject({
    frames: z
      .union([z.literal('auto'), z.int().min(0)])
      .prefault('auto')
      .describe('objects that are held to be put in order, at least one for each producer; auto: ten for each')
      .meta({ expected: 'auto or a whole number from 0 on' }),
    bytes: memory(),
    onFull: z
      .enum(cachePolicies)
      .prefault('wait')
      .describe('when so many are held: hold back producers that are ahead, or release the smallest ids'),
    timeout: seconds({ above: true }).prefault(5).describe('no object is held for longer'),
    watermark: z
      .boolean()
      .prefault(true)
      .describe('objects go on as soon as all producers have passed their id; false: they may send out of order'),
    tiles: z.int().min(0).prefault(0).describe('objects that share an id and belong together; 0: any number'),
  })
  .prefault({})
  .describe('how objects are put in order');

/** A collector: several inputs, an order, a chain of processors, an output. */
export const collectorSchema = z
  .strictObject({
    kind: z.literal('collector').describe('what this file configures'),
    id: idSchema.prefault(1).describe('id of the collector'),
    producers: idsSchema('producers').prefault([1, 2]).describe('ids of the producers'),
    idFormat: idFormatSchema,
    input: inputSchema.prefault({} as never), // so that it is the channel in it that is missing
    order: orderSchema,
    processors: processorsSchema(processorSchema),
    output: servedOutputSchema,
    ...streamShape(collectorReportParts),
  })
  .check(checkPlaces)
  .describe('a collector: it puts the objects of several producers in order, and takes them through a chain');

/** The complete configuration of a collector, defaults included. */
export type CollectorSettings = z.output<typeof collectorSchema>;
