import { corePvaJar } from './install.js';
import { clientOf, type Environment, type Place } from './network.js';
import { Peer } from './peer.js';
import type { Peers } from './peers.js';

const command = (args: string[], places: Place[]) => ({
  name: `core-pva ${args[0]}`,
  command: 'java',
  args: ['-XX:TieredStopAtLevel=1', '-jar', corePvaJar(), '-w', '20', ...args],
  env: clientOf(...places) satisfies Environment,
});

/** Runs the command-line client of Phoebus core-pva (info, get, put) to its end and returns what it printed. */
export function corePva(args: string[], ...places: Place[]): Promise<string> {
  return Peer.run(command(args, places));
}

/** Starts the monitor of Phoebus core-pva; its lines are the updates. */
export function startCorePvaMonitor(peers: Peers, channel: string, ...places: Place[]): Promise<Peer> {
  return peers.start(command(['monitor', channel], places));
}
