import { PvaflowError } from '../core/errors.js';
import type { Host } from './host.js';
import type { ToParent } from './messages.js';
import { receivedError } from './sent-error.js';

interface Pending {
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

/** Requests to a child that it has not answered yet. */
export class Requests {
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  /** @throws {PvaflowError} PVAFLOW_CHILD without a host, or when the child ends; else what the task threw */
  send(name: string, host: Host | undefined, request: string, args: unknown): Promise<unknown> {
    if (host === undefined) return Promise.reject(new PvaflowError('PVAFLOW_CHILD', `${name} does not run`));
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      host.send({ type: 'request', id, request, args });
    });
  }

  onAnswer({ id, answer, error }: Extract<ToParent, { type: 'answer' }>): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (error === undefined) pending?.resolve(answer);
    else pending?.reject(receivedError(error));
  }

  /** The child has ended: nobody answers any more. */
  fail(name: string, how: string): void {
    const error = new PvaflowError('PVAFLOW_CHILD', `${name} ended (${how}) before it answered`);
    for (const pending of this.#pending.values()) pending.reject(error);
    this.#pending.clear();
  }
}
