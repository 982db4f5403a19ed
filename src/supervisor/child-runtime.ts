import { getLogger } from '../core/logger.js';
import { messageOf, PvaflowError } from '../core/errors.js';
import type { SentError, StartMessage, ToChild, ToParent } from './messages.js';
import type { ParentPort } from './parent-port.js';
import { sendableError } from './sent-error.js';
import type { StartTask, Task } from './task.js';

/** Runs one task for a parent, from the start message to the end message. Made once in each child. */
export class ChildRuntime {
  readonly #port: ParentPort;
  #task: Task | undefined;
  #statsTimer: NodeJS.Timeout | undefined;
  #isEnding = false;
  /** Aborted when the start is given up. */
  readonly #start = new AbortController();
  /** Why the task could not start or go on. */
  #failure: unknown;
  readonly #onEnd: () => void;

  /** @param onEnd called when the last message has left */
  constructor(port: ParentPort, onEnd: () => void) {
    this.#port = port;
    this.#onEnd = onEnd;
  }

  /** Loads the module and starts its task. Never rejects: what goes wrong is told to the parent. */
  async start(message: StartMessage): Promise<void> {
    try {
      const task = await startTaskOf(message, this.#start.signal);
      if (this.#isEnding) return; // it was told to end before it began
      this.#task = task;
      this.#port.send({ type: 'ready', info: task.info });
      this.#sendStats();
      this.#statsTimer = setInterval(() => this.#sendStats(), message.statsMs);
      task.ended.catch((error: unknown) => (this.#failure = error)).finally(() => void this.stop());
    } catch (error) {
      this.#failure = error;
      await this.stop();
    }
  }

  onMessage(message: ToChild): void {
    switch (message.type) {
      case 'start':
        return void this.start(message);
      case 'stop':
        return void this.stop();
      case 'abort':
        return void this.#abort();
      case 'stats':
        return this.#sendStats();
      case 'request':
        return void this.#answer(message);
    }
  }

  /** Drains, reports and ends. Called again, it does nothing. */
  async stop(): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    try {
      await this.#task?.drain();
    } catch (error) {
      this.#failure ??= error;
    }
    await this.#end();
  }

  async #abort(): Promise<void> {
    if (!this.#isEnding) {
      this.#isEnding = true;
      await this.#task?.abort().catch((error: unknown) => (this.#failure ??= error));
      return this.#end();
    }
    await this.#task?.abort().catch((error: unknown) => (this.#failure ??= error)); // the drain comes to its end
  }

  async #end(): Promise<void> {
    clearInterval(this.#statsTimer);
    const task = this.#task;
    if (task === undefined) this.#start.abort();
    const error = this.#failure === undefined ? {} : { error: sendableError(this.#failure) };
    logDefect(this.#failure);
    const account = task === undefined ? {} : { stats: task.stats(), report: task.report() };
    if (!this.#send({ type: 'end', ...account, ...error })) this.#send({ type: 'end', error: unsendable });
    await this.#port.close();
    this.#onEnd();
  }

  #sendStats(): void {
    const task = this.#task;
    if (task === undefined) return;
    const [progress = 0, stuckMs = 0] = [task.progress?.(), task.stuckMs?.()];
    this.#send({ type: 'stats', stats: task.stats(), progress, stuckMs });
  }

  async #answer({ id, request, args }: Extract<ToChild, { type: 'request' }>): Promise<void> {
    try {
      if (this.#task?.answer === undefined) throw new PvaflowError('PVAFLOW_CHILD', `unknown request ${request}`);
      this.#send({ type: 'answer', id, answer: await this.#task.answer(request, args) });
    } catch (error) {
      this.#send({ type: 'answer', id, error: sendableError(error) });
    }
  }

  /** What cannot be sent is a fault of the task, and no reason to end. */
  #send(message: ToParent): boolean {
    try {
      this.#port.send(message);
      return true;
    } catch (error) {
      getLogger('supervisor').error(`a message of the type ${message.type} cannot be sent: ${messageOf(error)}`);
      return false;
    }
  }
}

const unsendable: SentError = { code: 'PVAFLOW_CHILD', message: 'the account of the task is no plain data' };

/** Of what is no PvaflowError, nobody foresaw that it could happen: whoever looks for it needs the stack. */
function logDefect(failure: unknown): void {
  if (failure instanceof Error && !(failure instanceof PvaflowError))
    getLogger('supervisor').error(failure.stack ?? '');
}

async function startTaskOf(message: StartMessage, signal: AbortSignal): Promise<Task> {
  const { module, config, name, nRestarts, lastExit } = message;
  const { startTask } = (await import(module)) as { startTask?: StartTask };
  if (startTask === undefined) throw new PvaflowError('PVAFLOW_CHILD', `${module} does not export startTask`);
  return startTask(config, { name, nRestarts, lastExit, logger: getLogger(name), signal });
}
