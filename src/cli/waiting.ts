import { PvaflowError } from '../core/errors.js';

const REMARK_AFTER_S = 5;

/** The fault of a channel that is not there in time. `search` says where it was looked for. */
function notFound(channel: string, seconds: number, search: string): PvaflowError {
  return new PvaflowError('PVAFLOW_TIMEOUT', `${channel}: no server answered in ${seconds} s (${search})`);
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

  constructor(
    private readonly channel: string,
    private readonly limit: number | undefined,
    private readonly search: string,
    private readonly hooks: WaitingHooks,
  ) {}

  begin(): void {
    this.end();
    const { channel, limit, search, hooks } = this;
    if (limit === undefined || limit > REMARK_AFTER_S)
      this.after(REMARK_AFTER_S, () => hooks.say(stillTrying(channel, search)));
    if (limit !== undefined) this.after(limit, () => hooks.giveUp(notFound(channel, limit, search)));
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

function stillTrying(channel: string, search: string): string {
  return (
    `waiting for ${channel}: no server answered in ${REMARK_AFTER_S} s (${search}). ` +
    'Still trying; pvaflow list shows what is served.'
  );
}
