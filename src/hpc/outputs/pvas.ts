import type { OutputMode } from './output.js';
import { Publisher } from './publisher.js';

/** A channel that is served here. */
export const pvasOutput: OutputMode = {
  args: { queueFrames: 'count', queueBytes: 'count' },
  open: ({ config, ...context }) => {
    const { queueFrames: frames, queueBytes: bytes } = config.args as { queueFrames?: number; queueBytes?: number };
    const queue = { ...(frames === undefined ? {} : { frames }), ...(bytes === undefined ? {} : { bytes }) };
    return new Publisher({ ...context, ...config, queue });
  },
};
