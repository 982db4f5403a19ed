import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { CaClientConfig } from '../../src/ca/config.js';
import type { CaServerConfig } from '../../src/ca/server-config.js';
import type { PvaClientConfig } from '../../src/pva/config.js';
import type { PvaServerConfig } from '../../src/pva/server-config.js';
import { projectRoot } from './install.js';
import { withLock } from './lock.js';
import { caClientOf, clientOf, newPlace, serverAt, type Environment, type Place } from './network.js';
import type { Peer } from './peer.js';
import type { Peers } from './peers.js';
import type { PeerServer } from './python.js';

/** The configuration of one of our servers in this process, at a place. */
export function ourServerAt(place: Place): PvaServerConfig {
  return {
    interfaces: ['127.0.0.1'],
    port: place.tcpPort,
    broadcastPort: place.udpPort,
    beaconAddresses: [`127.0.0.1:${place.beaconPort}`],
    autoBeacons: false,
    useEnvironment: false,
  };
}

/** The same for records that we serve over Channel Access. */
export function ourCaServerAt(place: Place): CaServerConfig {
  return {
    interfaces: ['127.0.0.1'],
    port: place.caPort,
    beaconAddresses: ['127.0.0.1'],
    autoBeacons: false,
    beaconPort: place.repeaterPort,
    useEnvironment: false,
  };
}

/** The configuration of one of our clients in this process that finds the servers at these places. */
export function ourClientOf(...places: Place[]): PvaClientConfig {
  return {
    addressList: places.map(({ udpPort }) => `127.0.0.1:${udpPort}`),
    autoAddressList: false,
    broadcastPort: places[0]?.beaconPort ?? 0,
    useEnvironment: false,
  };
}

/** The same for a client of Channel Access. */
export function ourCaClientOf(...places: Place[]): CaClientConfig {
  return {
    addressList: places.map(({ caPort }) => `127.0.0.1:${caPort}`),
    autoAddressList: false,
    ...(places[0] && { repeaterPort: places[0].repeaterPort }),
    useEnvironment: false,
  };
}

let compiled = false;

/** The executable runs what is compiled: compile what is stale, once. */
export function compile(): void {
  if (compiled) return;
  withLock(join(projectRoot, 'build', 'dist.lock'), () => {
    const { status } = spawnSync(process.execPath, [join(projectRoot, 'scripts', 'build-dist.mjs'), '--if-needed'], {
      stdio: 'inherit',
    });
    if (status !== 0) throw new Error('the TypeScript does not compile');
  });
  compiled = true;
}

/** Starts `pvaflow` in a process of its own: its channels are served at the place, its inputs are found at `sources`. */
export async function startPvaflow(
  peers: Peers,
  args: string[],
  { sources = [], at, ready, env }: { sources?: Place[]; at?: Place; ready?: RegExp; env?: Environment } = {},
): Promise<PeerServer> {
  compile();
  const place = at ?? (await newPlace());
  const peer: Peer = await peers.start({
    name: `pvaflow ${args[0]}`,
    command: process.execPath,
    args: [join(projectRoot, 'bin', 'pvaflow.js'), ...args],
    env: { ...clientOf(...sources), ...caClientOf(...sources), ...serverAt(place), ...env },
    ...(ready ? { ready } : {}),
  });
  return { peer, place };
}

/** Ends our simulator, which sends what is under way first. Gives the number of frames it has published. */
export async function stopSimulator(simulator: Peer): Promise<number> {
  simulator.kill('SIGINT');
  await simulator.exited;
  return Number(/^Published frames: (\d+)/m.exec(simulator.output.join('\n'))?.[1]);
}
