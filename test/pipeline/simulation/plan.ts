import fc from 'fast-check';
import { onFullPolicies, type OnFull } from '../../../src/pipeline/bounded-queue.js';
import { careful, careless, type Behaviour } from './behaviours.js';

/** What is built, and what happens to it: everything a run depends on. */
export interface Plan {
  readonly seed: number;
  readonly sources: readonly SourcePlan[];
  readonly stages: readonly StagePlan[];
  /** `broken`: it throws, rejects, or never answers. */
  readonly sink: 'none' | 'sync' | 'slow' | 'broken';
  /** How the sink answers when it is asked whether it is ready. */
  readonly ready: 'well' | 'badly';
  readonly isHardOnErrors: boolean;
  readonly steps: readonly Step[];
  readonly end: 'drain' | 'stop';
}

export interface QueuePlan {
  readonly items: number;
  readonly bytes: number;
  readonly onFull: OnFull;
  /** Bytes of each event; undefined if each has another size. */
  readonly size: number | undefined;
}

export interface SourcePlan extends QueuePlan {
  readonly eager: boolean;
  readonly accumulate: { readonly items: number; readonly timeoutMs: number } | undefined;
  readonly start: Start;
  /** Whether `take`, `pause` and `close` throw now and then. */
  readonly isBroken: boolean;
}

const badStarts = ['throws', 'rejects', 'rejects later', 'never'] as const;
export type Start = 'at once' | 'later' | (typeof badStarts)[number];

export interface StagePlan {
  readonly behaviour: Behaviour;
  readonly concurrency: number;
  readonly order: 'arrival' | 'completion';
  readonly edge: QueuePlan | undefined;
}

/** What is done to a running chain. */
export type Change =
  | { readonly do: 'insert'; readonly at: number; readonly stage: StagePlan; readonly isAfter: boolean }
  | { readonly do: 'replace'; readonly at: number; readonly stage: StagePlan }
  | { readonly do: 'remove'; readonly at: number };

/** `at` and `source` are taken modulo what there is. */
export type Step =
  | { readonly do: 'emit'; readonly source: number; readonly count: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'throttle'; readonly name: string; readonly isOn: boolean }
  | { readonly do: 'holdBack'; readonly source: number; readonly isOn: boolean }
  | { readonly do: 'inject'; readonly at: number }
  | Change
  | { readonly do: 'limits'; readonly items: number }
  | { readonly do: 'reset' }
  | { readonly do: 'drain' }
  | { readonly do: 'stop' };

/** No event of the simulation has more bytes. */
export const MAX_SIZE = 8;

const waits = fc.integer({ min: 0, max: 15 });
const at = fc.nat(5);

const queue = (policies: readonly OnFull[]) => ({
  items: fc.integer({ min: 1, max: 8 }),
  bytes: fc.integer({ min: 1, max: 40 }),
  onFull: fc.constantFrom(...policies),
  size: fc.option(fc.integer({ min: 1, max: MAX_SIZE }), { nil: undefined, freq: 1 }),
});

const source = ({ policies, isBad }: Freedom): fc.Arbitrary<SourcePlan> =>
  fc.record({
    ...queue(policies),
    eager: fc.boolean(),
    accumulate: fc.option(fc.record({ items: fc.integer({ min: 1, max: 5 }), timeoutMs: fc.nat(40) }), {
      nil: undefined,
      freq: 4,
    }),
    start: isBad.chain((bad) => fc.constantFrom(...(bad ? badStarts : (['at once', 'later'] as const)))),
    isBroken: isBad,
  });

interface Freedom {
  readonly policies: readonly OnFull[];
  readonly behaviours: readonly Behaviour[];
  readonly orders: readonly ('arrival' | 'completion')[];
  /** Whether something around the runtime is bad that ends the whole run. */
  readonly isBad: fc.Arbitrary<boolean>;
  readonly sinks: readonly Plan['sink'][];
  readonly extraSteps: readonly { readonly arbitrary: fc.Arbitrary<Step>; readonly weight: number }[];
  readonly isHardOnErrors: fc.Arbitrary<boolean>;
  readonly end: fc.Arbitrary<'drain' | 'stop'>;
}

const stage = ({ policies, behaviours, orders }: Freedom): fc.Arbitrary<StagePlan> =>
  fc.record({
    behaviour: fc.constantFrom(...behaviours),
    concurrency: fc.constantFrom(1, 1, 2, 5, 1000),
    order: fc.constantFrom(...orders),
    edge: fc.option(fc.record(queue(policies)), { nil: undefined }),
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
    { weight: 1, arbitrary: fc.record({ do: fc.constant('holdBack'), source: fc.nat(2), isOn: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('insert'), at, stage: stages, isAfter: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('replace'), at, stage: stages }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('remove'), at }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('limits'), items: fc.integer({ min: 1, max: 8 }) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('reset') }) },
    ...freedom.extraSteps,
  );
  return fc.record({
    seed: fc.integer(),
    sources: fc.array(source(freedom), { minLength: 1, maxLength: 3 }),
    stages: fc.array(stages, { minLength: 1, maxLength: 4 }),
    sink: fc.constantFrom(...freedom.sinks),
    ready: freedom.isBad.map((bad) => (bad ? 'badly' : 'well')),
    isHardOnErrors: freedom.isHardOnErrors,
    steps: fc.array(step, { maxLength: 60 }),
    end: freedom.end,
  });
}

/** One in so many. */
const rarely = (often: number) => fc.nat(often - 1).map((n) => n === 0);

const anything: Freedom = {
  policies: onFullPolicies,
  behaviours: [...careful, ...careless],
  orders: ['arrival', 'completion'],
  isBad: rarely(10),
  sinks: ['none', 'sync', 'slow', 'broken'],
  extraSteps: [
    { weight: 2, arbitrary: fc.record({ do: fc.constant('inject'), at }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('stop') }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('drain') }) },
  ],
  isHardOnErrors: fc.boolean(),
  end: fc.constantFrom('drain', 'drain', 'stop'),
};

/** Anything that may happen. */
export const anyPlan = plans(anything);

/** Anything that may happen to stages that keep the order. */
export const orderedPlan = plans({
  ...anything,
  policies: ['wait', 'dropOldest', 'dropNewest'],
  behaviours: [...careful, 'anything', 'never'],
  orders: ['arrival'],
  sinks: ['sync', 'slow', 'broken'],
});

/** Nothing may be lost: every queue waits, no stage fails, and the run is drained. */
export const losslessPlan = plans({
  policies: ['wait'],
  behaviours: careful,
  orders: ['arrival'],
  isBad: fc.constant(false),
  sinks: ['sync', 'slow'],
  extraSteps: [],
  isHardOnErrors: fc.constant(false),
  end: fc.constant('drain'),
});
