import { linkOutput } from './link.js';
import type { OutputMode } from './output.js';
import { pvaOutput } from './pva.js';
import { pvasOutput } from './pvas.js';
import { rpcOutput } from './rpc.js';

/** The output modes that there are, by the names that `--output-mode` takes; `link` is for the parts of a chain alone. */
export const outputModes: Readonly<Record<string, OutputMode>> = {
  pvas: pvasOutput,
  pva: pvaOutput,
  rpc: rpcOutput,
  link: linkOutput,
};
