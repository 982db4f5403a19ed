import { plural } from '../core/figures.js';
import type { Logger } from '../core/logger.js';
import type { Pipeline } from '../pipeline/pipeline.js';

/** Longer than this a timer cannot be set. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Stops a pipeline that is to drain and comes no further for `seconds`: its processor does not return, or a subscriber of the
 * output takes nothing. What is left in it counts as rejected because of the stop.
 *
 * @param isExcused whether it is not its own fault that it comes no further
 */
export function giveUpWhenStalled<E>(
  pipeline: Pipeline<E>,
  seconds: number,
  logger: Logger,
  isExcused: () => boolean = () => false,
): Disposable {
  let settled = pipeline.account.settled;
  const look = () => {
    if (pipeline.account.settled === settled && !isExcused()) {
      const { inFlight: left } = pipeline;
      logger.error(
        `${left} ${plural(left, 'object')} ${left === 1 ? 'is' : 'are'} given up: none was finished in ${seconds} s (--drain-timeout)`,
      );
      pipeline.stop();
    }
    settled = pipeline.account.settled;
  };
  const timer = setInterval(look, Math.min(MAX_TIMER_MS, seconds * 1000));
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
