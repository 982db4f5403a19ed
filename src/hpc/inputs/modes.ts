import { caInput } from './ca.js';
import type { InputMode } from './input.js';
import { linkInput } from './link.js';
import { pvaInput } from './pva.js';
import { pvasInput } from './pvas.js';
import { rpcInput } from './rpc.js';

/** The input modes that there are, by the names that `--input-mode` takes; `link` is for the parts of a chain alone. */
export const inputModes: Readonly<Record<string, InputMode>> = {
  pva: pvaInput,
  ca: caInput,
  pvas: pvasInput,
  rpc: rpcInput,
  link: linkInput,
};
