import { fileURLToPath } from 'node:url';
import { projectRoot } from './install.js';
import type { Environment } from './network.js';
import { Peer, type PeerExit, type PeerOptions } from './peer.js';

/** A TypeScript file (seen from `base`, an import.meta.url) as a process of its own; it imports 'pvaflow' as users do. */
export function script(base: string, file: string, args: string[] = [], nodeArgs: string[] = []): PeerOptions {
  return {
    name: file,
    command: process.execPath,
    args: [...nodeArgs, '--import', 'tsx', fileURLToPath(new URL(file, base)), ...args],
    cwd: projectRoot, // where tsx finds the paths of tsconfig.json
  };
}

/** Runs it to its end. */
export async function runScript(options: PeerOptions, env: Environment = {}): Promise<{ exit: PeerExit; log: string }> {
  await using peer = await Peer.start({ ...options, env });
  const exit = await peer.exited;
  return { exit, log: peer.log() };
}
