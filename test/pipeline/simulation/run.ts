import { expect } from 'vitest';
import type { HoldingProcessor, Processor } from '../../../src/pipeline/interfaces.js';
import { Pipeline } from '../../../src/pipeline/pipeline.js';
import type { StageOptions } from '../../../src/pipeline/stage-options.js';
import { processorOf } from './behaviours.js';
import type { Plan, QueuePlan, StagePlan, Step } from './plan.js';
import { World, type Token } from './world.js';

/** Carries a plan out, and checks the accounts after every step. */
export async function run(plan: Plan): Promise<World> {
  const world = new World(plan.seed, plan.sources.length);
  const stages = new Stages(world);
  const { pipeline } = ((world.pipeline = build(plan, world, stages)), world);
  pipeline.start();
  for (const step of plan.steps) {
    perform(step, world, stages);
    world.check();
    await world.clock.advance(step.do === 'wait' ? step.ms : 0);
    world.check();
  }
  await finish(plan, world);
  return world;
}

function build(plan: Plan, world: World, stages: Stages): Pipeline<Token> {
  return new Pipeline<Token>({
    clock: world.clock,
    sources: plan.sources.map((source, at) => ({
      name: `source${at}`,
      source: world.sources[at] as World['sources'][number],
      queue: { ...source, sizeOf: sizeIn(world) },
    })),
    processors: plan.stages.map((stage) => stages.make(stage)),
    sink: {
      ...(plan.sink === 'none' ? {} : { write: (token: Token) => write(token, plan.sink, world) }),
      ready: () => (world.random(10) === 0 ? world.later(undefined, 30) : undefined),
    },
    ...(plan.isHardOnErrors
      ? { catchError: () => (world.random(10) === 0 ? ('hard' as const) : ('soft' as const)) }
      : {}),
    release: (token) => void (token.released += 1),
    isEvent: (value) => typeof value === 'object' && value !== null && 'parts' in value,
  });
}

function sizeIn(world: World): () => number {
  return () => world.random(9);
}

function write(token: Token, sink: Plan['sink'], world: World): void | Promise<void> {
  world.written.push(token);
  if (sink === 'slow' && world.random(2) === 0) return world.later(undefined, 15);
}

/** Makes stages, with names that differ, and watches how their processors are called. */
class Stages {
  #made = 0;

  constructor(readonly world: World) {}

  make({ behaviour, concurrency, order, edge }: StagePlan): StageOptions<Token> {
    const queue = edge && { ...edge, sizeOf: sizeIn(this.world) };
    const processor = watched(processorOf(behaviour, this.world), concurrency, this.world);
    return { name: `${behaviour}${(this.#made += 1)}`, processor, concurrency, order, edge: queue };
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
  const names = pipeline.stats().stages.map(({ name }) => name);
  const nameAt = (at: number) => names[at % names.length] as string;
  const isOver = pipeline.state === 'ended';
  switch (step.do) {
    case 'emit':
      return world.emit(step.source, step.count);
    case 'throttle':
      return pipeline.throttle(step.name, step.isOn);
    case 'inject':
      if (names.length > 0) void pipeline.inject(world.made([]), nameAt(step.at));
      return;
    case 'insert':
      if (names.length === 0 || isOver) return;
      if (step.isAfter) pipeline.insertAfter(nameAt(step.at), stages.make(step.stage));
      else pipeline.insertBefore(nameAt(step.at), stages.make(step.stage));
      return;
    case 'replace':
      if (names.length > 0) pipeline.replace(nameAt(step.at), stages.make(step.stage)).catch(() => {});
      return;
    case 'remove':
      if (names.length > 0) pipeline.remove(nameAt(step.at)).catch(() => {});
      return;
    case 'limits':
      return pipeline.setQueueLimits({ items: step.items, bytes: 40 } satisfies Omit<QueuePlan, 'onFull'>);
    case 'reset':
      return pipeline.resetStats();
    case 'stop':
      return pipeline.stop();
    case 'wait':
  }
}

async function finish(plan: Plan, world: World): Promise<void> {
  const { pipeline, clock } = world;
  if (plan.end === 'stop') pipeline.stop();
  else void pipeline.drain().catch(() => {});
  for (let i = 0; i < 3000 && (pipeline.state !== 'ended' || i < 30); i++) {
    for (const name of ['a', 'b', 'c']) pipeline.throttle(name, false);
    await clock.advance(10);
    world.check();
  }
  expect(pipeline.state, JSON.stringify(pipeline.stats())).toBe('ended');
  expect(pipeline.inFlight).toBe(0);
}
