import { processorProblems } from '../../hpc/schema/check-processors.js';
import { consumerSchema, type ConsumerSettings } from '../../hpc/schema/consumer-schema.js';
import type { ConfigKind } from '../config-kinds.js';

export const consumerKind: ConfigKind<typeof consumerSchema> = {
  name: 'consumer',
  schema: consumerSchema,
  check: ({ processors }, { document }) => processorProblems(processors, document?.file),
  summary,
};

function summary({ consumers, ids, input, processors }: ConsumerSettings): string {
  const number = ids?.length ?? consumers;
  const who = number === 1 ? `a consumer of ${input.channel}` : `${number} consumers of ${input.channel}, each`;
  return `${who} with ${counted(processors.length, 'processor')}`;
}

function counted(number: number, what: string): string {
  return number === 0 ? `no ${what}` : `${number} ${what}${number === 1 ? '' : 's'}`;
}
