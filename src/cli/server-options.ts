import { InvalidArgumentError, type Command } from 'commander';
import type { OptionPlaces } from './given-options.js';

/** Options of commands that serve channels. */
export interface ServerCliOptions {
  serverThreads: number;
}

const MOST_THREADS = 64;

export function addServerOptions(command: Command): void {
  command.option(
    '--server-threads <n>',
    'threads that send to the clients of our channels: more for several clients',
    threads,
    1,
  );
}

function threads(text: string): number {
  const number = Number(text);
  if (text.trim() !== '' && Number.isInteger(number) && number >= 1 && number <= MOST_THREADS) return number;
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${MOST_THREADS}.`);
}

/** The setting that the option stands for. */
export const serverPlaces: OptionPlaces<ServerCliOptions> = {
  serverThreads: { path: ['network', 'server', 'threads'] },
};
