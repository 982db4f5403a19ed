import type { OutputMode } from './output.js';
import { Publisher } from './publisher.js';

/** The output modes that there are, by the names that `--output-mode` takes. */
export const outputModes: Readonly<Record<string, OutputMode>> = {
  pvas: { args: [], open: ({ config, ...context }) => new Publisher({ ...context, ...config }) },
};
