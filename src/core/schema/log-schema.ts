import { z } from 'zod';
import { logFormats, logLevels } from '../logger.js';

/** What is logged, and where to. */
export const logSchema = z
  .strictObject({
    level: z.enum(logLevels).prefault('info').describe('how much is logged'),
    file: z.string().min(1).optional().describe('log to this file and not to stderr'),
    format: z.enum(logFormats).prefault('text').describe('lines for people, or one JSON object per line'),
  })
  .prefault({})
  .describe('the log');
