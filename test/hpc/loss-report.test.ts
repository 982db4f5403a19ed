import { expect, it } from 'vitest';
import { DUPLICATE, emptyReport, isLossless } from '../../src/hpc/loss-report.js';
import { runSummary } from '../../src/hpc/run-summary.js';

const lost = { count: 1, ids: [], unlisted: 1 };

it.each([
  [{ missed: lost }],
  [{ notPublished: lost }],
  [{ rejected: { 'queue full': lost } }],
  [{ failed: { x: lost } }],
  [{ overruns: 1 }],
  [{ droppedForSubscribers: 1 }],
  [{ missedUnknown: true as const }],
])('a run with %o is not lossless', (changes) => {
  expect(isLossless(emptyReport())).toBe(true);
  expect(isLossless({ ...emptyReport(), ...changes })).toBe(false);
});

it('a run in which something came twice is lossless', () => {
  expect(isLossless({ ...emptyReport(), rejected: { [DUPLICATE]: lost }, repeated: 1 })).toBe(true);
});

it('the summary says what cannot be known', () => {
  const text = (changes: object) => runSummary({ ...emptyReport(), ...changes }, undefined).join('\n');
  expect(text({})).not.toMatch('cannot be told what|or more');
  expect(text({ offPhase: 2 })).toMatch(/out of phase 2\n.*how many frames were missed there cannot be told/);
  expect(text({ missedUnknown: true })).toMatch(/missed 0 or more/);
});
