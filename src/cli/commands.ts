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
export const commands: readonly CommandEntry[] = [];
