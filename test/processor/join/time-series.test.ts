import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TimeSeries } from '../../../src/processor/join/time-series.js';

type Step = { readonly add: number } | { readonly shift: true };

const steps = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({ add: fc.integer({ min: 0, max: 50 }) }),
    fc.record({ shift: fc.constant(true as const) }),
  ),
  { maxLength: 200 },
);

describe('TimeSeries', () => {
  it('does what a list that is sorted after each step does', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: -1, max: 51 }), (run, time) => {
        const series = new TimeSeries<number>();
        let model: { time: number; item: number }[] = [];
        run.forEach((step, item) => {
          if ('add' in step) {
            series.add(step.add, item);
            model = [...model, { time: step.add, item }].sort((a, b) => a.time - b.time); // stable
          } else expect(series.shift()).toBe(model.shift()?.item);
        });
        const content = Array.from({ length: series.length }, (_, i) => ({
          time: series.timeAt(i),
          item: series.itemAt(i),
        }));
        expect(content).toEqual(model);
        const first = model.findIndex((each) => each.time >= time);
        expect(series.firstFrom(time)).toBe(first < 0 ? model.length : first);
      }),
    );
  });

  it('keeps its order over many that come and go', () => {
    const series = new TimeSeries<number>();
    for (let i = 0; i < 10_000; i++) {
      series.add(i, i);
      if (i >= 3) expect(series.shift()).toBe(i - 3);
    }
    expect([series.length, series.itemAt(0), series.timeAt(2)]).toEqual([3, 9997, 9999]);
  });
});
