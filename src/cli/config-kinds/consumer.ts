import { messageOf } from '../../core/errors.js';
import type { Problem } from '../../core/schema/problem.js';
import { completeConfig } from '../../hpc/consumer-config.js';
import { processorProblems } from '../../hpc/schema/check-processors.js';
import { consumerConfigs } from '../../hpc/schema/consumer-configs.js';
import { consumerSchema, type ConsumerSettings } from '../../hpc/schema/consumer-schema.js';
import type { ConfigKind } from '../config-kinds.js';

export const consumerKind: ConfigKind<typeof consumerSchema> = {
  name: 'consumer',
  schema: consumerSchema,
  check: async (settings, { document }) => [
    ...contradictions(settings),
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

/** What the consumer itself would refuse. */
function contradictions(settings: ConsumerSettings): Problem[] {
  try {
    consumerConfigs(settings, undefined).forEach(completeConfig);
    return [];
  } catch (error) {
    return [{ path: [], message: messageOf(error) }];
  }
}

function summary({ consumers, ids, input, processors }: ConsumerSettings): string {
  const number = ids?.length ?? consumers;
  const who = number === 1 ? `a consumer of ${input.channel}` : `${number} consumers of ${input.channel}, each`;
  return `${who} with ${counted(processors.length, 'processor')}`;
}

function counted(number: number, what: string): string {
  return number === 0 ? `no ${what}` : `${number} ${what}${number === 1 ? '' : 's'}`;
}
