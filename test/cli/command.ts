import type { PvaServer } from '../../src/pva/server.js';
import { projectRoot } from '../peers/install.js';
import type { Environment } from '../peers/network.js';
import { Peer } from '../peers/peer.js';

/** What a command has done when it is over. */
export interface Outcome {
  readonly code: number | null;
  /** Lines of standard output, and of standard error. */
  readonly output: readonly string[];
  readonly errors: readonly string[];
}

/** Variables with which a command finds the channels of exactly this server. */
export function reaches(server: PvaServer): Environment {
  return { EPICS_PVA_AUTO_ADDR_LIST: 'NO', EPICS_PVA_NAME_SERVERS: `127.0.0.1:${server.port}` };
}

/** Variables with which a command finds nothing. */
export const reachesNothing: Environment = { EPICS_PVA_AUTO_ADDR_LIST: 'NO', EPICS_PVA_ADDR_LIST: '127.0.0.1:1' };

/** Starts `pvaflow ARGS…` from its sources, in a process of its own. */
export function startCommand(args: readonly string[], env: Environment = {}): Promise<Peer> {
  return Peer.start({
    name: `pvaflow ${args.join(' ')}`,
    command: process.execPath,
    args: ['--import', 'tsx', 'src/cli/main.ts', ...args],
    cwd: projectRoot,
    env,
  });
}

/** Runs `pvaflow ARGS…` to its end. */
export async function runCommand(args: readonly string[], env: Environment = {}): Promise<Outcome> {
  await using command = await startCommand(args, env);
  const { code } = await command.exited;
  const { lines, output } = command;
  const rest = [...output];
  const errors = lines.filter((line) => rest[0] !== line || rest.shift() === undefined);
  return { code, output, errors };
}
