import { systemClock, type Clock } from '../../pipeline/clock.js';
import { OUTPUT } from '../../pipeline/output.js';
import type { PipelineStats } from '../../pipeline/pipeline-stats.js';

/** What is watched: how much is in work, and how much has come to its end. */
export interface Watched {
  readonly inFlight: number;
  readonly account: { readonly settled: number };
}

const LOOK_MS = 1000;

/** Knows for how long something has been in work without anything coming to its end. */
export class Progress implements Disposable {
  readonly #timer: NodeJS.Timeout;
  #settled = 0;
  #movedAt: number;

  constructor(
    readonly watched: Watched,
    readonly clock: Pick<Clock, 'now'> = systemClock,
  ) {
    this.#movedAt = clock.now();
    this.#timer = setInterval(() => this.look(), LOOK_MS).unref();
  }

  /** Seconds; 0 when nothing is in work. */
  get stuckSeconds(): number {
    this.look();
    return (this.clock.now() - this.#movedAt) / 1000;
  }

  /** To be called now and then. */
  look(): void {
    const { inFlight, account } = this.watched;
    if (inFlight > 0 && account.settled === this.#settled) return;
    this.#settled = account.settled;
    this.#movedAt = this.clock.now();
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/**
 * What the processors of a pipeline have in work: nothing while its output holds them back.
 *
 * @param isHeldBack whether somebody behind the output does so, who is busy
 */
export function workOf(pipeline: { stats(): PipelineStats }, isHeldBack: () => boolean): Watched {
  const sum = (of: (stage: PipelineStats['stages'][number]) => number) =>
    pipeline.stats().stages.reduce((total, stage) => total + of(stage), 0);
  return {
    get inFlight() {
      if (isHeldBack() || pipeline.stats().throttles[OUTPUT]?.isOn === true) return 0;
      return sum(({ inFlight, held }) => inFlight - held);
    },
    account: {
      get settled() {
        return sum(({ received, inFlight }) => received - inFlight);
      },
    },
  };
}
