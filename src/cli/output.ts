import { once } from 'node:events';
import { reportError } from './exit.js';

/** Writes a line to stdout; resolves when the reader is ready for more. */
export async function writeLine(text: string): Promise<void> {
  if (!process.stdout.write(`${text}\n`)) await once(process.stdout, 'drain');
}

export function writeJson(document: unknown): Promise<void> {
  return writeLine(JSON.stringify(document));
}

/** A remark for the person at the terminal; it does not mix with the output that other programs read. */
export function remark(text: string): void {
  process.stderr.write(`${text}\n`);
}

/**
 * Asks all channels at once and shows the answers in the order in which the channels were named. A channel that fails is
 * reported and the others go on; the exit code tells that one failed.
 */
export async function askEach<T>(
  channels: readonly string[],
  ask: (channel: string) => Promise<T>,
  show: (channel: string, answer: T) => Promise<void>,
): Promise<void> {
  const answers = channels.map((channel) =>
    ask(channel).then(
      (answer) => () => show(channel, answer),
      (error: unknown) => () => reportError(error),
    ),
  );
  for (const answer of answers) await (await answer)();
}
