import { z } from 'zod';
import { freeKeys, name } from '../../core/schema/values.js';

export const outputModes = ['pvas', 'pva', 'rpc'] as const;
export const outputPolicies = ['wait', 'dropOldest', 'dropNewest'] as const;

/** Where objects go to. */
export const outputSchema = z
  .strictObject({
    channel: name('the name of a channel')
      .optional()
      .describe('channel to publish on; * becomes the id; absent: nothing is published'),
    mode: z.enum(outputModes).prefault('pvas').describe('how objects go out'),
    args: freeKeys().describe('arguments of the publisher'),
    passOn: z.boolean().prefault(false).describe('publish what the last processor returns without having published'),
    onFull: z.enum(outputPolicies).prefault('wait').describe('what happens when a subscriber is slow'),
  })
  .prefault({})
  .describe('where objects go to');
