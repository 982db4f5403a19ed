import { z } from 'zod';
import { bytes, freeKeys, name } from '../../core/schema/values.js';
import { onFullPolicies } from '../../pipeline/bounded-queue.js';
import { onFullNames } from '../../pva/on-full.js';

export const outputModes = ['pvas', 'pva', 'rpc'] as const;

const passOn = z.boolean().prefault(false).describe('publish what the last processor returns without having published');
export const outputOnFullSchema = z
  .enum(onFullPolicies)
  .prefault('wait')
  .describe('what happens when a subscriber is slow; fail: the run does');
const channel = name('the name of a channel')
  .optional()
  .describe('channel to publish on; * becomes the id; absent: nothing is published');

/** Where objects go to. */
export const outputSchema = z
  .strictObject({
    channel,
    mode: z.enum(outputModes).prefault('pvas').describe('how objects go out'),
    args: freeKeys().describe('arguments of the publisher'),
    passOn,
    onFull: outputOnFullSchema,
  })
  .prefault({})
  .describe('where objects go to');

/** Where objects go to that are always published on a channel of our own. */
export const servedOutputSchema = z
  .strictObject({ channel, passOn, onFull: outputOnFullSchema })
  .prefault({})
  .describe('where objects go to');

/** What is kept for the subscribers of the channels of a server that processes nothing. */
export const subscribersSchema = z
  .strictObject({
    onFull: z.enum(onFullNames).prefault('wait').describe('what happens when a subscriber is slow'),
    queue: z
      .strictObject({
        frames: z.int().min(1).prefault(64).describe('updates that may wait for each subscriber'),
        bytes: bytes().prefault('128MiB').describe('memory that they may take'),
      })
      .prefault({})
      .describe('the queue of each subscriber'),
  })
  .prefault({})
  .describe('what is kept for subscribers');
