import { simConfig } from '../../hpc/schema/sim-config.js';
import { simSchema } from '../../hpc/schema/sim-schema.js';
import { Pattern } from '../../hpc/sim-server/pattern.js';
import type { ConfigKind } from '../config-kinds.js';
import { contradictions } from './problems.js';

export const simKind: ConfigKind<typeof simSchema> = {
  name: 'sim-server',
  schema: simSchema,
  check: (settings) => Promise.resolve(contradictions(() => new Pattern(simConfig(settings)))),
  summary: ({ channel, image }) => `a simulator of ${channel} with images of ${image.nx} × ${image.ny} ${image.type}`,
};
