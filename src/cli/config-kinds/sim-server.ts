import { existsSync } from 'node:fs';
import type { Problem } from '../../core/schema/problem.js';
import { simConfig } from '../../hpc/schema/sim-config.js';
import { simSchema } from '../../hpc/schema/sim-schema.js';
import { Pattern } from '../../hpc/sim-server/pattern.js';
import type { SimInput } from '../../hpc/sim-server/sim-input.js';
import type { ConfigKind } from '../config-kinds.js';
import { contradictions } from './problems.js';

export const simKind: ConfigKind<typeof simSchema> = {
  name: 'sim-server',
  schema: simSchema,
  check: (settings, configuration) => {
    const config = simConfig(settings, (path) => configuration.fileOf(path));
    return Promise.resolve([...contradictions(() => new Pattern(config)), ...missingFiles(config.input)]);
  },
  summary: ({ channel, image, input }) =>
    input === undefined
      ? `a simulator of ${channel} with images of ${image.nx} × ${image.ny} ${image.type}`
      : `a simulator of ${channel} with images of ${input.directory ?? input.file ?? input.description}`,
};

function missingFiles(input: SimInput | undefined): Problem[] {
  const keys = ['directory', 'file', 'description'] as const;
  return keys.flatMap((key) => {
    const name = input?.[key];
    return name === undefined || existsSync(name) ? [] : [{ path: ['input', key], message: `there is no ${name}` }];
  });
}
