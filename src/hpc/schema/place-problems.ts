import type { z } from 'zod';
import type { ProcessorSettings } from './processor-schema.js';

/** What there is around the chain of processors. */
interface Around {
  readonly kind: string;
  readonly processors: readonly Pick<ProcessorSettings, 'queue' | 'order'>[];
  readonly endOfAcquisition?: unknown;
}

/** Tells where the places of processors do not go with what is around them; to be given to `check` of a schema. */
export function checkPlaces<T extends Around>({ value, issues }: z.core.ParsePayload<T>): void {
  const tell = (at: number, key: string, message: string) =>
    issues.push({ code: 'custom', path: ['processors', at, key], message, input: value });
  const { kind, processors } = value;
  if (kind !== 'collector' && processors[0] !== undefined && processors[0].queue !== 'none')
    tell(0, 'queue', 'in front of the first processor is the queue of the input: write it as `input.queue`');
  const reason = whyInOrder(value);
  for (const [at, { order }] of processors.entries())
    if (reason !== undefined && order === 'completion')
      tell(at, 'order', `it lets objects overtake each other, and ${reason}: leave it at arrival`);
}

/** Why objects must not overtake each other. */
function whyInOrder({ kind, endOfAcquisition }: Around): string | undefined {
  if (kind === 'collector') return 'a collector puts objects in order';
  return endOfAcquisition === undefined ? undefined : 'the end of acquisitions is looked for (endOfAcquisition)';
}
