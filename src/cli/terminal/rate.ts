const WINDOW_MS = 2000;
const SHORTEST_MS = 200;

interface Sample {
  readonly count: number;
  readonly at: number;
}

/** The rate at which a counter grows, over the last two seconds. */
export class Rate {
  private samples: Sample[] = [];

  /** Notes what the counter shows at the time `at` (milliseconds). */
  note(count: number, at: number): void {
    this.samples.push({ count, at });
    while (this.samples.length > 2 && at - (this.samples[1]?.at ?? at) >= WINDOW_MS) this.samples.shift();
  }

  /** Counts per second; undefined while the notes are too close together to tell. */
  get perSecond(): number | undefined {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (!first || !last || last.at - first.at < SHORTEST_MS) return undefined;
    return ((last.count - first.count) * 1000) / (last.at - first.at);
  }
}
