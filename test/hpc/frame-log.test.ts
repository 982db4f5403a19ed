import { afterEach, describe, expect, it, vi } from 'vitest';
import { getLogger } from '../../src/core/logger.js';
import { FrameLog } from '../../src/hpc/frame-log.js';
import { receivingTimeOf, runtimeOf } from '../../src/hpc/run-times.js';
import { frameOf } from './stream.js';

afterEach(() => vi.useRealTimers());

describe('the times of a run', () => {
  it('are those of the clock, but how long it takes does not depend on who sets the clock', () => {
    vi.useFakeTimers({ now: 2_000_000_000_000, toFake: ['Date', 'performance'] });
    const log = new FrameLog({ offset: 1, sequentialUpdates: 1 }, getLogger('test'));
    const stage = log.noting({ name: 'x', processor: { process: () => undefined } }, { idOf: () => 7 });
    const { process } = stage.processor as { process: (frame: unknown, context: unknown) => unknown };
    process(frameOf(1), {});
    vi.advanceTimersByTime(4000);
    vi.setSystemTime(1_900_000_000_000);
    process(frameOf(2), {});
    vi.advanceTimersByTime(1000);
    log.end();
    expect(log.times).toMatchObject({ startTime: 2_000_000_000, firstObjectTime: 2_000_000_000, lastObjectId: 7 });
    expect(log.times).toMatchObject({ lastObjectTime: 1_900_000_000, endTime: 1_900_000_001 });
    expect(receivingTimeOf(log.times)).toBeCloseTo(4);
    expect(runtimeOf(log.times)).toBeCloseTo(5);
  });
});
