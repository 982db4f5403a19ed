import { describe, expect, test } from 'vitest';
import { accountOf } from '../../src/cli/demo/account.js';
import type { Losses, LossReport } from '../../src/hpc/loss-report.js';
import { startCommand } from './command.js';

describe('pvaflow demo', () => {
  test('runs by itself and accounts for every frame', async () => {
    await using command = await startCommand(['demo', '--seconds', '2']);
    expect(await command.exited).toEqual({ code: 0, signal: null });
    const [, made = ''] =
      /Every one of ([\d,]+) frames is accounted for: none was lost\./.exec(command.output.at(-1) ?? '') ?? [];
    expect(Number(made.replaceAll(',', ''))).toBeGreaterThan(0);
    expect(command.output.slice(-4, -1)).toEqual([
      `simulator   published ${made} frames`,
      `consumer    received  ${made}   processed ${made}   failed 0   rejected 0   missed 0`,
      `output      published ${made}`,
    ]);
  });

  test('ends in order when it is interrupted', async () => {
    await using command = await startCommand(['demo', '--forever']);
    await command.line(/^ {2}consumer {4}received/);
    command.kill('SIGINT');
    expect(await command.exited).toEqual({ code: 0, signal: null });
    expect(command.output.at(-1)).toMatch(/none was lost/);
  });
});

describe('accountOf', () => {
  const losses = (count: number): Losses => ({ count, ids: [], unlisted: 0 });
  const report = (facts: Partial<LossReport>) =>
    ({
      received: 10,
      processed: 10,
      filtered: 0,
      published: 10,
      inFlight: 0,
      failed: {},
      rejected: {},
      ...facts,
    }) as LossReport;

  test.each<[string, number, Partial<LossReport>, boolean]>([
    ['all is well', 10, {}, true],
    ['frames did not arrive', 12, {}, false],
    ['a frame failed', 10, { processed: 9, failed: { 'RangeError in Threshold.process': losses(1) } }, false],
    ['a frame was rejected', 10, { processed: 9, rejected: { compressed: losses(1) } }, false],
    ['a frame was not published', 10, { published: 9 }, false],
    ['a frame is still under way', 10, { processed: 9, inFlight: 1 }, false],
  ])('%s', (_what, made, facts, complete) => {
    expect(accountOf(made, report(facts)).complete).toBe(complete);
  });
});
