import type { Problem } from '../../core/schema/problem.js';
import { completeConfig } from '../../hpc/consumer-config.js';
import { processorProblems } from '../../hpc/schema/check-processors.js';
import { consumerConfigs } from '../../hpc/schema/consumer-configs.js';
import { consumerSchema, type ConsumerSettings } from '../../hpc/schema/consumer-schema.js';
import type { ConfigKind } from '../config-kinds.js';
import { contradictions, counted } from './problems.js';

export const consumerKind: ConfigKind<typeof consumerSchema> = {
  name: 'consumer',
  schema: consumerSchema,
  check: async (settings, { document }) => [
    ...contradictions(() => consumerConfigs(settings, undefined).forEach(completeConfig)),
    ...cuts(settings),
    ...(await processorProblems(settings.processors, document?.file)),
  ],
  summary,
};

/** What this version cannot do yet, and `pvaflow consumer` refuses. */
function cuts({ processors }: ConsumerSettings): Problem[] {
  return processors.flatMap(({ process }, i) => {
    const message = 'own: a chain that is cut into processes will come with the next version of pvaflow';
    return process === 'own' ? [{ path: ['processors', i, 'process'], message }] : [];
  });
}

function summary({ consumers, ids, input, processors }: ConsumerSettings): string {
  const number = ids?.length ?? consumers;
  const who = number === 1 ? `a consumer of ${input.channel}` : `${number} consumers of ${input.channel}, each`;
  return `${who} with ${counted(processors.length, 'processor')}`;
}
