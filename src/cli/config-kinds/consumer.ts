import { completeConfig } from '../../hpc/consumer-config.js';
import { processorProblems } from '../../hpc/schema/check-processors.js';
import { consumerConfigs } from '../../hpc/schema/consumer-configs.js';
import { placesOf } from '../../hpc/chain/part-config.js';
import { consumerSchema, type ConsumerSettings } from '../../hpc/schema/consumer-schema.js';
import type { ConfigKind } from '../config-kinds.js';
import { contradictions, counted } from './problems.js';

export const consumerKind: ConfigKind<typeof consumerSchema> = {
  name: 'consumer',
  schema: consumerSchema,
  check: async (settings, { document }) => [
    ...contradictions(() => consumerConfigs(settings, undefined).forEach(completeConfig)),
    ...(await processorProblems(settings.processors, document?.file)),
  ],
  summary,
};

function summary({ consumers, ids, input, processors }: ConsumerSettings): string {
  const number = ids?.length ?? consumers;
  const who = number === 1 ? `a consumer of ${input.channel}` : `${number} consumers of ${input.channel}, each`;
  const parts = placesOf(processors.map((each) => each.process === 'own')).length;
  const cut = parts === 1 ? '' : ` in ${parts} processes`;
  return `${who} with ${counted(processors.length, 'processor')}${cut}`;
}
