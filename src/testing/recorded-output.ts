import type { Output, OutputMode } from '../hpc/outputs/output.js';
import type { PvObject } from '../pva/pv-object.js';

/** An output that nobody subscribes to, and that always has room: what is published is recorded. */
export function recordedOutput(record: (value: PvObject) => void): OutputMode {
  return { args: {}, open: () => new RecordedOutput(record) };
}

class RecordedOutput implements Output {
  published = 0;
  readonly errors = 0;
  readonly waiting = 0;
  readonly dropped = 0;
  readonly subscribers = 0;

  constructor(readonly record: (value: PvObject) => void) {}

  open(): void {}

  update(value: PvObject): undefined {
    this.record(value);
    this.published += 1;
  }

  ready(): undefined {}

  resetStats(): void {
    this.published = 0;
  }

  async flush(): Promise<void> {}
}
