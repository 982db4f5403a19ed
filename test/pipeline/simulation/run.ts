import { expect } from 'vitest';
import type { HoldingProcessor, Processor } from '../../../src/pipeline/interfaces.js';
import { Pipeline } from '../../../src/pipeline/pipeline.js';
import type { StageOptions } from '../../../src/pipeline/stage-options.js';
import { processorOf } from './behaviours.js';
import type { Change, Plan, StagePlan, Step } from './plan.js';
import type { SimSource } from './sources.js';
import { World, type Token } from './world.js';

/** Carries a plan out, and checks the accounts after every step. */
export async function run(plan: Plan): Promise<World> {
  const world = new World(plan.seed, plan.sources);
  const stages = new Stages(world, plan);
  world.pipeline = build(plan, world, stages);
  world.changeChain = () => stages.changeAnything();
  const uncaught = (error: unknown) => void world.violations.push(`nobody caught ${String(error)}`);
  process.on('unhandledRejection', uncaught);
  try {
    await live(plan, world, stages);
  } finally {
    process.off('unhandledRejection', uncaught);
  }
  return world;
}

async function live(plan: Plan, world: World, stages: Stages): Promise<void> {
  const { pipeline } = world;
  pipeline.start();
  for (const step of plan.steps) {
    perform(step, world, stages);
    world.check();
    await world.clock.advance(step.do === 'wait' ? step.ms : 0);
    world.check();
  }
  await finish(plan, world);
  await new Promise((resolve) => setImmediate(resolve)); // errors that nobody caught are told of now
  world.check();
}

function build(plan: Plan, world: World, stages: Stages): Pipeline<Token> {
  return new Pipeline<Token>({
    clock: world.clock,
    sources: plan.sources.map((queue, at) => {
      const name = `source${at}`;
      world.queues.source(name, queue);
      return { name, source: world.sources[at] as SimSource, queue: { ...queue, sizeOf: world.queues.sizeOf(queue) } };
    }),
    processors: plan.stages.map((stage) => stages.make(stage)),
    sink: {
      ...(plan.sink === 'none' ? {} : { write: (token: Token) => write(token, plan.sink, world) }),
      ready: () => (world.random(10) === 0 ? ready(plan, world) : undefined),
    },
    ...(plan.isHardOnErrors
      ? { catchError: () => (world.random(10) === 0 ? ('hard' as const) : ('soft' as const)) }
      : {}),
    release: (token) => void (token.released += 1),
    isEvent: (value) => typeof value === 'object' && value !== null && 'parts' in value,
  });
}

function write(token: Token, sink: Plan['sink'], world: World): void | Promise<void> {
  const fate = sink === 'broken' ? world.random(12) : undefined;
  if (fate === 0) throw new RangeError('the sink threw');
  if (fate === 1) return world.later(undefined, 15).then(() => Promise.reject(new RangeError('the sink rejected')));
  world.written.push(token);
  if (fate === 2 && world.random(8) === 0) return world.never(token);
  if (sink !== 'sync' && world.random(2) === 0) return world.later(undefined, 15);
}

function ready(plan: Plan, world: World): Promise<void> {
  if (plan.ready === 'badly') {
    const fate = world.random(6);
    if (fate === 0) throw new RangeError('ready threw');
    if (fate === 1) return world.later(undefined, 15).then(() => Promise.reject(new RangeError('never ready')));
    if (fate === 2) return world.never();
  }
  return world.later(undefined, 30);
}

/** Chains do not become longer than this. */
const MAX_STAGES = 8;

/** Makes and changes stages, with names that differ, and watches how their processors are called. */
class Stages {
  #made = 0;

  constructor(
    readonly world: World,
    readonly plan: Plan,
  ) {}

  make({ behaviour, concurrency, order, edge }: StagePlan): StageOptions<Token> {
    const { world } = this;
    const name = `${behaviour}${(this.#made += 1)}`;
    if (edge !== undefined) world.queues.edge(name, edge);
    const queue = edge && { ...edge, sizeOf: world.queues.sizeOf(edge) };
    const processor = watched(processorOf(behaviour, world), concurrency, world);
    return { name, processor, concurrency, order, edge: queue };
  }

  /** Does what a plan says, or what code of users does. */
  change(change: Change): void {
    const { pipeline } = this.world;
    const names = pipeline.stats().stages.map(({ name }) => name);
    const name = names[change.at % names.length];
    if (name === undefined) return;
    if (change.do === 'remove') return void pipeline.remove(name).catch(() => {});
    if (change.do === 'replace') return void this.#replace(name, change.stage);
    if (names.length >= MAX_STAGES) return;
    if (change.isAfter) pipeline.insertAfter(name, this.make(change.stage));
    else pipeline.insertBefore(name, this.make(change.stage));
  }

  changeAnything(): void {
    const { plan, world } = this;
    const stage = plan.stages[world.random(plan.stages.length)] as StagePlan;
    const kind = (['insert', 'replace', 'remove'] as const)[world.random(3)] as Change['do'];
    this.change({ do: kind, at: world.random(MAX_STAGES), stage, isAfter: world.random(2) === 0 });
  }

  /** The queue in front stays, and goes by the name of the new stage. */
  #replace(name: string, plan: StagePlan): void {
    const stage = this.make({ ...plan, edge: undefined });
    this.world.queues.alias(name, stage.name);
    this.world.pipeline.replace(name, stage).catch(() => {});
  }
}

/** The processor, with a check that it is not called while it runs, and with no more promises pending than it may have. */
function watched(
  processor: Processor<Token> | HoldingProcessor<Token>,
  concurrency: number,
  world: World,
): Processor<Token> | HoldingProcessor<Token> {
  let isRunning = false;
  let pending = 0;
  const original = processor.process.bind(processor) as Processor<Token>['process'];
  processor.process = (token, context) => {
    if (isRunning) world.violations.push('process was called while it ran');
    if (pending >= concurrency) world.violations.push(`process was called with ${pending} promises pending`);
    isRunning = true;
    try {
      const result = original(token, context);
      if (result instanceof Promise) {
        pending += 1;
        const settled = () => void (pending -= 1);
        result.then(settled, settled);
      }
      return result;
    } finally {
      isRunning = false;
    }
  };
  return processor;
}

function perform(step: Step, world: World, stages: Stages): void {
  const { pipeline } = world;
  switch (step.do) {
    case 'emit':
      return world.emit(step.source, step.count);
    case 'throttle':
      return pipeline.throttle(step.name, step.isOn);
    case 'holdBack':
      return pipeline.holdBack(`source${step.source % world.sources.length}`, step.isOn);
    case 'inject': {
      const names = pipeline.stats().stages.map(({ name }) => name);
      if (names.length > 0) void pipeline.inject(world.made([]), names[step.at % names.length] as string);
      return;
    }
    case 'insert':
    case 'replace':
    case 'remove':
      return stages.change(step);
    case 'limits':
      world.queues.limitBytes(40);
      return pipeline.setQueueLimits({ items: step.items, bytes: 40 });
    case 'reset':
      return pipeline.resetStats();
    case 'drain':
      return void pipeline.drain().catch(() => {});
    case 'stop':
      return pipeline.stop();
    case 'wait':
  }
}

/** Enough for whatever ends at all; and for what else may happen while the rest does not. */
const [MOST_ROUNDS, STUCK_ROUNDS, LAST_ROUNDS] = [3000, 100, 30];

async function finish(plan: Plan, world: World): Promise<void> {
  const { pipeline } = world;
  if (plan.end === 'stop') pipeline.stop();
  else void pipeline.drain().catch(() => {});
  for (let i = 0; pipeline.state !== 'ended' && i < (world.isStuck ? STUCK_ROUNDS : MOST_ROUNDS); i++)
    await round(world);
  if (world.isStuck) pipeline.stop();
  expect(pipeline.state, JSON.stringify(pipeline.stats())).toBe('ended');
  expect(pipeline.inFlight).toBe(0);
  for (let i = 0; i < LAST_ROUNDS; i++) await round(world); // what is given back now
}

async function round(world: World): Promise<void> {
  for (const name of ['a', 'b', 'c']) world.pipeline.throttle(name, false);
  await world.clock.advance(10);
  world.check();
}
