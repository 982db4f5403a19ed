import type { Command } from 'commander';

/** A command as the help of `pvaflow` shows it; its file is loaded when it is used. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly group: string;
  /** Loads the file of the command and hands over its `addXCommand`. */
  readonly load: () => Promise<(program: Command) => void>;
}

/** Every command, in the order of the help. A new command is one entry here and one file. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'consumer',
    summary: 'take the images of a channel through a processor, and publish what comes out',
    group: 'Streams:',
    load: async () => (await import('./consumer.js')).addConsumerCommand,
  },
  {
    name: 'sim-server',
    summary: 'serve a channel with simulated detector images',
    group: 'Streams:',
    load: async () => (await import('./sim-server.js')).addSimServerCommand,
  },
];
