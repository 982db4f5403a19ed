/** Parts of a configuration that everything has that runs. */
import { z } from 'zod';
import { logSchema } from '../../core/schema/log-schema.js';
import { name, seconds } from '../../core/schema/values.js';
import { networkSchema } from '../../pva/network-schema.js';

/** What a report of a consumer may show. */
export const reportParts = [
  'receiver',
  'publisher',
  'queue',
  'metadata',
  'processor',
  'user',
  'frame',
  'stage',
  'acquisition',
  'all',
] as const;

const period = seconds().prefault(0).describe('time between two reports on the terminal; 0: none');

/** @param parts what a report may show */
function reportSchema<const Part extends string>(parts: readonly Part[]) {
  return z
    .strictObject({
      period,
      stats: z
        .array(z.enum(parts))
        .prefault(['all'] as never)
        .describe('what is reported'),
      plain: z.boolean().prefault(false).describe('plain lines instead of a screen that is redrawn'),
      file: z.string().min(1).optional().describe('where the loss report goes, also if nothing was lost'),
      failOnLoss: z.boolean().prefault(false).describe('end with exit code 4 when a frame was lost'),
    })
    .prefault({})
    .describe('what is told while it runs and at its end');
}

export const statusSchema = z
  .strictObject({
    channel: name('the name of a channel').optional().describe('absent: no status channel'),
    period: seconds({ above: true }).prefault(1).describe('time between two updates'),
  })
  .prefault({})
  .describe('the channel with statistics');

export const controlSchema = z
  .strictObject({ channel: name('the name of a channel').optional().describe('absent: no control channel') })
  .prefault({})
  .describe('the channel that takes commands');

const metricsSchema = z
  .strictObject({
    host: z.string().min(1).prefault('127.0.0.1').describe('address to serve on; 0.0.0.0: all'),
    port: z.int().min(0).max(65_535).describe('port; 0: any that is free'),
  })
  .describe('serve figures for Prometheus, /health and /ready');

const runtime = seconds({ most: Infinity }).prefault(0).describe('how long to run for; 0: until stopped');

/** To be spread into the schema of anything that runs until it is stopped, and processes nothing. */
export const serverShape = {
  runtime,
  drainTimeout: seconds().prefault(5).describe('time that slow subscribers have at the end'),
  report: z.strictObject({ period }).prefault({}).describe('what is told while it runs'),
  metrics: metricsSchema.optional(),
  log: logSchema,
};

/** To be spread into the schema of anything that takes a stream through processors; `parts`: what its reports may show. */
export function runShape<const Part extends string>(parts: readonly Part[]) {
  return {
    runtime,
    drainTimeout: seconds()
      .prefault(5)
      .describe('time without progress after which, at the end, a processor or a slow subscriber is given up'),
    report: reportSchema(parts),
    metrics: metricsSchema.optional(),
    log: logSchema,
    network: networkSchema,
  };
}

export type ReportPart = (typeof reportParts)[number];
export type ReportSettings<Part extends string = ReportPart> = z.output<ReturnType<typeof reportSchema<Part>>>;
