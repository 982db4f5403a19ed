import { z } from 'zod';

export const endOfAcquisitionSchema = z
  .strictObject({
    attribute: z.string().min(1).optional().describe('attribute that is set in the last frame'),
    count: z.int().min(1).optional().describe('… or number of frames'),
  })
  .refine(({ attribute, count }) => (attribute === undefined) !== (count === undefined), {
    error: 'expected `attribute` or `count`',
  })
  .describe('how the last frame of an acquisition is known; told on the status channel and to the next consumer');
