import { z } from 'zod';
import { name } from '../../core/schema/values.js';

/** Channels beside the stream. */
export const metadataSchema = z
  .strictObject({
    channels: z
      .array(name('the name of a channel, such as pva://x or ca://y'))
      .prefault([])
      .describe(
        'channels of which a processor gets the updates: pva://NAME, ca://NAME; a bare name is of Channel Access',
      ),
  })
  .prefault({})
  .describe('what is joined with the objects');
