import fc from 'fast-check';
import { onFullPolicies, type OnFull } from '../../../src/pipeline/bounded-queue.js';
import { careful, careless, type Behaviour } from './behaviours.js';

/** What is built, and what happens to it: everything a run depends on. */
export interface Plan {
  readonly seed: number;
  readonly sources: readonly SourcePlan[];
  readonly stages: readonly StagePlan[];
  readonly sink: 'none' | 'sync' | 'slow';
  readonly isHardOnErrors: boolean;
  readonly steps: readonly Step[];
  readonly end: 'drain' | 'stop';
}

export interface QueuePlan {
  readonly items: number;
  readonly bytes: number;
  readonly onFull: OnFull;
}

export interface SourcePlan extends QueuePlan {
  readonly eager: boolean;
  readonly accumulate: { readonly items: number; readonly timeoutMs: number } | undefined;
}

export interface StagePlan {
  readonly behaviour: Behaviour;
  readonly concurrency: number;
  readonly order: 'arrival' | 'completion';
  readonly edge: QueuePlan | undefined;
}

/** `at` and `source` are taken modulo what there is. */
export type Step =
  | { readonly do: 'emit'; readonly source: number; readonly count: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'throttle'; readonly name: string; readonly isOn: boolean }
  | { readonly do: 'inject'; readonly at: number }
  | { readonly do: 'insert'; readonly at: number; readonly stage: StagePlan; readonly isAfter: boolean }
  | { readonly do: 'replace'; readonly at: number; readonly stage: StagePlan }
  | { readonly do: 'remove'; readonly at: number }
  | { readonly do: 'limits'; readonly items: number }
  | { readonly do: 'reset' }
  | { readonly do: 'stop' };

const waits = fc.integer({ min: 0, max: 15 });
const at = fc.nat(5);

const queue = (policies: readonly OnFull[]): fc.Arbitrary<QueuePlan> =>
  fc.record({
    items: fc.integer({ min: 1, max: 8 }),
    bytes: fc.integer({ min: 1, max: 40 }),
    onFull: fc.constantFrom(...policies),
  });

const source = (policies: readonly OnFull[]): fc.Arbitrary<SourcePlan> =>
  fc.record({
    items: fc.integer({ min: 1, max: 8 }),
    bytes: fc.integer({ min: 1, max: 40 }),
    onFull: fc.constantFrom(...policies),
    eager: fc.boolean(),
    accumulate: fc.option(fc.record({ items: fc.integer({ min: 1, max: 5 }), timeoutMs: fc.nat(40) }), {
      nil: undefined,
      freq: 4,
    }),
  });

interface Freedom {
  readonly policies: readonly OnFull[];
  readonly behaviours: readonly Behaviour[];
  readonly orders: readonly ('arrival' | 'completion')[];
  readonly extraSteps: readonly { readonly arbitrary: fc.Arbitrary<Step>; readonly weight: number }[];
  readonly isHardOnErrors: fc.Arbitrary<boolean>;
  readonly end: fc.Arbitrary<'drain' | 'stop'>;
}

const stage = ({ policies, behaviours, orders }: Freedom): fc.Arbitrary<StagePlan> =>
  fc.record({
    behaviour: fc.constantFrom(...behaviours),
    concurrency: fc.constantFrom(1, 1, 2, 5, 1000),
    order: fc.constantFrom(...orders),
    edge: fc.option(queue(policies), { nil: undefined }),
  });

function plans(freedom: Freedom): fc.Arbitrary<Plan> {
  const stages = stage(freedom);
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant('emit'), source: fc.nat(2), count: fc.nat(6) }) },
    { weight: 8, arbitrary: fc.record({ do: fc.constant('wait'), ms: waits }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('throttle'), name: fc.constantFrom('a', 'b'), isOn: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('insert'), at, stage: stages, isAfter: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('replace'), at, stage: stages }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('remove'), at }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('limits'), items: fc.integer({ min: 1, max: 8 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('reset') }) },
    ...freedom.extraSteps,
  );
  return fc.record({
    seed: fc.integer(),
    sources: fc.array(source(freedom.policies), { minLength: 1, maxLength: 3 }),
    stages: fc.array(stages, { minLength: 1, maxLength: 4 }),
    sink: fc.constantFrom('none', 'sync', 'slow'),
    isHardOnErrors: freedom.isHardOnErrors,
    steps: fc.array(step, { maxLength: 60 }),
    end: freedom.end,
  });
}

/** Anything that may happen. */
export const anyPlan = plans({
  policies: onFullPolicies,
  behaviours: [...careful, ...careless],
  orders: ['arrival', 'completion'],
  extraSteps: [
    { weight: 2, arbitrary: fc.record({ do: fc.constant('inject'), at }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('stop') }) },
  ],
  isHardOnErrors: fc.boolean(),
  end: fc.constantFrom('drain', 'drain', 'stop'),
});

/** Nothing may be lost: every queue waits, no stage fails, and the run is drained. */
export const losslessPlan = plans({
  policies: ['wait'],
  behaviours: careful,
  orders: ['arrival'],
  extraSteps: [],
  isHardOnErrors: fc.constant(false),
  end: fc.constant('drain'),
});
