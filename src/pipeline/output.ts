import type { EventContext, Sink } from './interfaces.js';
import type { StageOptions } from './stage-options.js';

/** The stage that writes to the sink, and the throttle by which the sink holds the sources back. */
export const OUTPUT = 'output';

/** The sink as the last stage; none, if nothing is to be written. */
export function outputStage<E>(sink: Sink<E> | undefined): StageOptions<E>[] {
  if (sink?.write === undefined) return [];
  const write = (event: E, context: EventContext): E | Promise<E> => {
    const pending = sink.write?.(event, context);
    return pending === undefined ? event : pending.then(() => event);
  };
  return [{ name: OUTPUT, processor: { process: write }, concurrency: 1, where: 'the output' }];
}

/** Several sinks as one: each gets every event, and the slowest sets the pace. An event fails if one of them fails on it. */
export function fanOut<E>(sinks: readonly Sink<E>[]): Sink<E> {
  return {
    write: (event, context) => allOf(sinks, (sink) => sink.write?.(event, context)),
    ready: () => allOf(sinks, (sink) => sink.ready?.()) as Promise<void> | undefined,
  };
}

/** Asks all, also when one throws. A promise only if one gives one; it rejects, or this throws, with the first error. */
function allOf<S>(sinks: readonly S[], ask: (sink: S) => void | Promise<void> | undefined): void | Promise<void> {
  const pending: Promise<void>[] = [];
  const errors: unknown[] = [];
  for (const sink of sinks) {
    try {
      const answer = ask(sink);
      if (answer !== undefined) pending.push(answer);
    } catch (error) {
      errors.push(error);
    }
  }
  if (pending.length > 0) return settled(pending, errors);
  if (errors.length > 0) throw errors[0];
}

/** Waits for all, whatever becomes of them. */
async function settled(pending: readonly Promise<void>[], errors: readonly unknown[]): Promise<void> {
  const results = await Promise.allSettled(pending);
  const rejected = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const [first] = [...errors, ...rejected];
  if (errors.length + rejected.length > 0) throw first;
}
