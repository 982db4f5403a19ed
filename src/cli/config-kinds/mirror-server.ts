import { mirrorConfig } from '../../hpc/schema/mirror-config.js';
import { mirrorSchema } from '../../hpc/schema/mirror-schema.js';
import type { ConfigKind } from '../config-kinds.js';
import { contradictions, counted } from './problems.js';

export const mirrorKind: ConfigKind<typeof mirrorSchema> = {
  name: 'mirror-server',
  schema: mirrorSchema,
  check: (settings) => Promise.resolve(contradictions(() => mirrorConfig(settings))),
  summary: ({ channels }) => `a mirror server of ${counted(channels.length, 'channel')}`,
};
