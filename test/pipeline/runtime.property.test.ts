import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyPlan, losslessPlan, orderedPlan, type Plan } from './simulation/plan.js';
import { run } from './simulation/run.js';
import { keyOf, type Part, type World } from './simulation/world.js';

const { PVAFLOW_SEED: seed, PVAFLOW_PATH: path, PVAFLOW_RUNS: runs } = process.env;

/** Tries many plans; a failure is shrunk to the smallest plan, and the command that replays it is printed. */
async function holds(plans: fc.Arbitrary<Plan>, check: (plan: Plan) => Promise<void>): Promise<void> {
  const replay = { ...(seed === undefined ? {} : { seed: Number(seed) }), ...(path === undefined ? {} : { path }) };
  const numRuns = runs === undefined ? 300 : Number(runs);
  const result = await fc.check(fc.asyncProperty(plans, check), { numRuns, ...replay });
  if (!result.failed) return;
  const command = `PVAFLOW_SEED=${result.seed} PVAFLOW_PATH=${result.counterexamplePath} npx vitest run test/pipeline/runtime.property.test.ts -t '${expect.getState().currentTestName?.split(' > ').at(-1)}'`;
  throw new Error(`replay with: ${command}\n${JSON.stringify(result.counterexample?.[0])}`, {
    cause: result.errorInstance,
  });
}

/** Every event that the runtime was given has been released once, unless somebody has it still; what it was not given, not at all. */
function checkReleases({ came, makings, sources, stuck }: World): void {
  const left = new Set(sources.flatMap(({ waiting }) => waiting));
  for (const token of came) {
    const what = `releases of ${JSON.stringify(token)}`;
    if (!left.has(token) && token.parts.some((part) => stuck.has(keyOf(part))))
      expect(token.released, what).toBeLessThanOrEqual(1);
    else expect(token.released, what).toBe(left.has(token) ? 0 : 1);
  }
  for (const token of makings) expect(token.released, `releases of one made`).toBeLessThanOrEqual(1);
}

/** The shares of each event that came add up to one, none came twice, and those of each source are in order. */
function checkOutput({ came, written }: World): void {
  const parts = written.flatMap((token) => token.parts);
  const shareOf = (part: Part) => `${keyOf(part)}:${part.path}`;
  expect(new Set(parts.map(shareOf)).size).toBe(parts.length);
  for (const {
    parts: [origin],
  } of came) {
    const shares = parts.filter(({ source, id }) => source === origin?.source && id === origin.id);
    expect(
      shares.reduce((sum, { weight }) => sum + weight, 0),
      JSON.stringify(origin),
    ).toBe(1);
  }
  checkOrder(written, (one, other) => one.id > other.id || (one.id === other.id && one.path > other.path));
}

/** What comes out of each source is in order; what was made of several stands where the first of them stood. */
function checkOrder(written: World['written'], mayFollow: (one: Part, other: Part) => boolean): void {
  const lastOf = new Map<number, Part>();
  for (const first of written.flatMap((token) => token.parts.slice(0, 1))) {
    const last = lastOf.get(first.source);
    if (last !== undefined) expect(mayFollow(first, last), `${keyOf(first)} after ${keyOf(last)}`).toBe(true);
    lastOf.set(first.source, first);
  }
}

describe('the runtime', () => {
  it('accounts for every event and releases each once, whatever happens', async () => {
    await holds(anyPlan, async (plan) => checkReleases(await run(plan)));
  });

  it('keeps the order, whatever is lost', async () => {
    await holds(orderedPlan, async (plan) => {
      const world = await run(plan);
      checkReleases(world);
      checkOrder(world.written, (one, other) => one.id >= other.id); // a stage may give the same again
    });
  });

  it('gives everything out once and in order if all queues wait and nothing fails', async () => {
    await holds(losslessPlan, async (plan) => {
      const world = await run(plan);
      checkOutput(world);
      checkReleases(world);
      for (const token of world.makings) expect(token.released).toBe(1);
    });
  });
});
