import { completeCollectorConfig } from '../../hpc/collector/collector-config.js';
import { processorProblems } from '../../hpc/schema/check-processors.js';
import { collectorConfig } from '../../hpc/schema/collector-config.js';
import { collectorSchema } from '../../hpc/schema/collector-schema.js';
import type { ConfigKind } from '../config-kinds.js';
import { contradictions, counted } from './problems.js';

export const collectorKind: ConfigKind<typeof collectorSchema> = {
  name: 'collector',
  schema: collectorSchema,
  check: async (settings, { document }) => [
    ...contradictions(() => completeCollectorConfig(collectorConfig(settings, undefined))),
    ...(await processorProblems(settings.processors, document?.file)),
  ],
  summary: ({ producers, input, processors }) =>
    `a collector of ${input.channel} from ${counted(producers.length, 'producer')}, with ${counted(processors.length, 'processor')}`,
};
