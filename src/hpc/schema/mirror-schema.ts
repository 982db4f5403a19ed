import { z } from 'zod';
import { caSchema } from '../../ca/network-schema.js';
import { name } from '../../core/schema/values.js';
import { clientSchema, serverSchema } from '../../pva/network-schema.js';
import { mirrorProviders } from '../mirror/channel-map.js';
import { subscribersSchema } from './output-schema.js';
import { serverShape } from './run-schema.js';

const entrySchema = z
  .strictObject({
    mirror: name('the name of a channel').describe('name under which it is served'),
    source: name('the name of a channel').describe('the channel that is mirrored'),
    provider: z.enum(mirrorProviders).prefault('pva').describe('the protocol of the source'),
    queueSize: z.int().min(0).prefault(0).describe('updates that may wait for us; 0: as the default'),
    monitors: z
      .int()
      .min(1)
      .prefault(1)
      .describe('how many monitors share the updates of a source that distributes them'),
    request: z.string().prefault('').describe('fields to ask for, in the words of a pvRequest; empty: all'),
  })
  .describe('a channel to mirror');

/** A server of channels of other servers. */
export const mirrorSchema = z
  .strictObject({
    kind: z.literal('mirror-server').describe('what this file configures'),
    channels: z.array(entrySchema).min(1).describe('the channels'),
    subscribers: subscribersSchema,
    ...serverShape,
    network: z
      .strictObject({ client: clientSchema.optional(), ca: caSchema.optional(), server: serverSchema.optional() })
      .prefault({})
      .describe('network settings, in the place of the EPICS_PVA* and EPICS_CA* variables'),
  })
  .describe('a mirror server: it serves channels of other servers again');

/** The complete configuration of a mirror server, defaults included. */
export type MirrorSettings = z.output<typeof mirrorSchema>;
