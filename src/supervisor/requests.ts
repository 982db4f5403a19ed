import { PvaflowError } from '../core/errors.js';
import type { Host } from './host.js';
import type { ToParent } from './messages.js';
import { receivedError } from './sent-error.js';

interface Pending {
  resolve(answer: unknown): void;
  reject(error: unknown): void;
  readonly timer: NodeJS.Timeout | undefined;
}

/** What a child is asked; without a time it may take any. */
export interface Request {
  readonly request: string;
  readonly args: unknown;
  readonly timeoutMs: number | undefined;
}

/** Requests to a child that it has not answered yet. */
export class Requests {
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  /** @throws {PvaflowError} PVAFLOW_CHILD without a host, when the child ends, or after the time; else what the task threw */
  send(name: string, host: Host | undefined, { request, args, timeoutMs }: Request): Promise<unknown> {
    if (host === undefined) return Promise.reject(new PvaflowError('PVAFLOW_CHILD', `${name} does not run`));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, timer: this.#timer(name, id, timeoutMs) });
      host.send({ type: 'request', id, request, args });
    });
  }

  onAnswer({ id, answer, error }: Extract<ToParent, { type: 'answer' }>): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(pending?.timer);
    if (error === undefined) pending?.resolve(answer);
    else pending?.reject(receivedError(error));
  }

  /** The child has ended: nobody answers any more. */
  fail(name: string, how: string): void {
    const error = new PvaflowError('PVAFLOW_CHILD', `${name} ended (${how}) before it answered`);
    for (const pending of this.#pending.values()) {
      clearTimeout(pending.timer);
      pending.reject(error);
    }
    this.#pending.clear();
  }

  #timer(name: string, id: number, ms: number | undefined): NodeJS.Timeout | undefined {
    if (ms === undefined) return undefined;
    return setTimeout(() => {
      const message = `${name} has not answered in ${ms / 1000} s: its processor may block`;
      this.#pending.get(id)?.reject(new PvaflowError('PVAFLOW_CHILD', message));
      this.#pending.delete(id);
    }, ms);
  }
}
