import { z } from 'zod';
import { logSchema } from '../../core/schema/log-schema.js';
import { bytes, name, seconds } from '../../core/schema/values.js';
import { caSchema, caServerSchema } from '../../ca/network-schema.js';
import { clientSchema, serverSchema } from '../../pva/network-schema.js';
import { colorModes, patternNames, pixelTypes, type PixelType } from '../sim-server/pattern.js';
import { onBadFile } from '../sim-server/sim-input.js';
import { subscribersSchema } from './output-schema.js';

const imageSchema = z
  .strictObject({
    nx: z.int().min(1).prefault(256).describe('width'),
    ny: z.int().min(1).prefault(256).describe('height'),
    type: z
      .enum(Object.keys(pixelTypes) as PixelType[])
      .prefault('uint8')
      .describe('type of the pixels'),
    colorMode: z
      .literal(colorModes)
      .prefault(0)
      .describe('0 mono, 2 RGB1 [3,NX,NY], 3 RGB2 [NX,3,NY], 4 RGB3 [NX,NY,3]'),
    pattern: z.enum(patternNames).prefault('moving-spot').describe('what is drawn'),
    minimum: z.number().optional().describe('smallest value; if not given, that of the type, or 0'),
    maximum: z.number().optional().describe('largest value; if not given, that of the type, or 1'),
  })
  .prefault({})
  .describe('the images');

const fileName = (what: string, about: string) => name(what).optional().describe(about);

const inputSchema = z
  .strictObject({
    directory: fileName(
      'the name of a directory',
      'directory with files of images: TIFF, PNG, NPY, HDF5, and bare pixels',
    ),
    file: fileName('the name of a file', 'one more file, after those of the directory'),
    dataset: fileName('the name of a dataset', 'dataset of HDF5 files; not needed where there is one of images alone'),
    compressed: z
      .boolean()
      .prefault(false)
      .describe('frames of HDF5 files keep their compression, where frames can have it'),
    description: fileName('the name of a file', 'YAML with the layout of files of bare pixels'),
    colorMode: z
      .literal(colorModes)
      .optional()
      .describe('how the colours of NPY and HDF5 arrays lie; if not given, a last dimension of 3 is one of colours'),
    onBadFile: z
      .enum(onBadFile)
      .prefault('skip')
      .describe('a file that cannot be read is skipped and counted, or ends the run'),
  })
  .refine(({ directory, file, description }) => directory ?? file ?? description, {
    error: 'it names no directory and no file',
  })
  .describe('files whose images are sent, instead of drawn ones');

const framesSchema = z
  .strictObject({
    distinct: z
      .int()
      .min(0)
      .prefault(0)
      .describe('different frames; more than are kept: each is sent once; 0: as many as are kept, or as files have'),
    kept: z.int().min(1).prefault(1000).describe('frames that are drawn or read once and sent again and again'),
    bytes: bytes()
      .prefault('256MiB')
      .describe(
        'memory for these: fewer are drawn when they are large; files that do not fit are read again each time',
      ),
  })
  .prefault({})
  .describe('which frames there are');

const notifySchema = z
  .strictObject({
    channel: name('the name of a channel').describe(
      "channel to set, such as a detector's Acquire: pva://NAME, ca://NAME, or NAME over either",
    ),
    value: z.string().prefault('1').describe('what it is set to'),
  })
  .describe('what is set when all is ready');

/** A simulator of a detector. */
export const simSchema = z
  .strictObject({
    kind: z.literal('sim-server').describe('what this file configures'),
    channel: name('the name of a channel').prefault('pvapy:image').describe('channel to serve'),
    image: imageSchema,
    input: inputSchema.optional(),
    frames: framesSchema,
    rate: z.number().min(0).prefault(20).describe('frames per second; 0: as fast as subscribers take them'),
    count: z.int().min(0).prefault(0).describe('frames to publish; 0: no limit'),
    runtime: seconds({ most: Infinity }).prefault(300).describe('how long to publish for'),
    awaitSubscribers: z.int().min(0).prefault(0).describe('begin when so many clients monitor the channel'),
    startDelay: seconds().prefault(0).describe('time before the first frame'),
    shutdownDelay: seconds().prefault(0).describe('time for which the channel is served after the last frame'),
    subscribers: subscribersSchema,
    metadata: z
      .strictObject({
        channels: z
          .array(name('the name of a channel, such as pva://x or ca://y'))
          .prefault([])
          .describe(
            'channels with a random number for each frame: pva://NAME, ca://NAME; a bare name is of Channel Access',
          ),
      })
      .prefault({})
      .describe('channels that are served beside the images'),
    notify: notifySchema.optional(),
    report: z
      .strictObject({
        frames: z.int().min(0).prefault(1).describe('how often to report, in frames; 0: only at the end'),
        plain: z.boolean().prefault(false).describe('plain lines instead of a line that is redrawn'),
      })
      .prefault({})
      .describe('what is told while it runs'),
    log: logSchema,
    network: z
      .strictObject({
        client: clientSchema.optional(),
        server: serverSchema.optional(),
        ca: caSchema.optional(),
        caServer: caServerSchema.optional(),
      })
      .prefault({})
      .describe('network settings, in the place of the EPICS_PVA* and EPICS_CA* variables'),
  })
  .describe('a simulator: it serves a channel with images that it makes up or reads from files, as a detector would');

/** The complete configuration of a simulator, defaults included. */
export type SimSettings = z.output<typeof simSchema>;
