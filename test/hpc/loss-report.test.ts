import { expect, it } from 'vitest';
import { DUPLICATE, emptyReport, isLossless, LossLog } from '../../src/hpc/loss-report.js';
import type { PipelineStats } from '../../src/pipeline/pipeline.js';
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

it('what fails for another cause each time takes no more memory, and stays counted with its ids', () => {
  const log = new LossLog();
  const ids = Array.from({ length: 1000 }, (_, i) => i + 1);
  for (const id of ids) log.failed(`cause ${id}`, id, 'broken');
  const failedBy = Object.fromEntries([...ids.slice(0, 100).map((id) => [`cause ${id}`, 1] as const), ['other', 900]]);
  const { failed } = log.losses({ rejectedBy: {}, failedBy } as unknown as PipelineStats);
  expect(failed['cause 100']).toMatchObject({ count: 1, ids: [{ first: 100, last: 100, step: 1 }] });
  expect(failed['other']).toEqual({
    count: 900,
    ids: [{ first: 101, last: 1000, step: 1 }],
    unlisted: 0,
    message: 'broken',
  });
});

it('the summary says what cannot be known', () => {
  const text = (changes: object) => runSummary({ ...emptyReport(), ...changes }, undefined).join('\n');
  expect(text({})).not.toMatch('cannot be told what|or more');
  expect(text({ offPhase: 2 })).toMatch(/out of phase 2\n.*how many frames were missed there cannot be told/);
  expect(text({ missedUnknown: true })).toMatch(/missed 0 or more/);
});
