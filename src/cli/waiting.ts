import { PvaflowError } from '../core/errors.js';
import type { Unanswered } from '../hpc/inputs/input.js';
import type { UpdateStream } from '../pva/update-stream.js';

/** A channel that nothing has come from in this time is mentioned. */
export const REMARK_AFTER_S = 5;

/** To be said after `REMARK_AFTER_S`. `search` says where the channel was looked for. */
export function stillWaiting({ channel, isFound }: Unanswered, search: string): string {
  const help = isFound ? '' : '; pvaflow list shows what is served';
  return `waiting for ${channel}: ${silence(isFound, REMARK_AFTER_S, search)}. Still trying${help}.`;
}

function silence(isFound: boolean, seconds: number, search: string): string {
  return isFound
    ? `its server has published nothing on it in ${seconds} s`
    : `no server answered in ${seconds} s (${search})`;
}

export interface WaitingHooks {
  /** Called after five seconds, with what to tell the user. */
  readonly say: (text: string) => void;
  /** Called when the limit is over. */
  readonly giveUp: (error: PvaflowError) => void;
}

/** Waits for a channel to come, or to come back, for ever or `limit` seconds. It does not keep the process alive. */
export class Waiting implements Disposable {
  private timers: NodeJS.Timeout[] = [];

  /** @param search says where the channel is looked for */
  constructor(
    private readonly stream: UpdateStream,
    private readonly limit: number | undefined,
    private readonly search: string,
    private readonly hooks: WaitingHooks,
  ) {}

  begin(): void {
    this.end();
    const { limit, search, hooks } = this;
    if (limit === undefined || limit > REMARK_AFTER_S)
      this.after(REMARK_AFTER_S, () => hooks.say(stillWaiting(this.unanswered, search)));
    if (limit !== undefined) this.after(limit, () => hooks.giveUp(this.timeout(limit)));
  }

  private get unanswered(): Unanswered {
    return { channel: this.stream.name, isFound: this.stream.stats().isFound === true };
  }

  private timeout(seconds: number): PvaflowError {
    const { channel, isFound } = this.unanswered;
    return new PvaflowError('PVAFLOW_TIMEOUT', `${channel}: ${silence(isFound, seconds, this.search)}`);
  }

  end(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers = [];
  }

  [Symbol.dispose](): void {
    this.end();
  }

  private after(seconds: number, callback: () => void): void {
    this.timers.push(setTimeout(callback, seconds * 1000).unref());
  }
}
