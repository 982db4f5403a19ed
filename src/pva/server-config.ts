import { checkKeys } from '../core/check-keys.js';
import { checkInteger, checkSeconds } from './options.js';

/** Where a server listens and how clients find it. What is not given comes from EPICS_PVAS_* and EPICS_PVA_*. */
export interface PvaServerConfig {
  /** Addresses of the network interfaces to serve on; all if not given. */
  readonly interfaces?: readonly string[];
  /** TCP port; 0 takes any free one. 5075 if not given, or any other when that is taken. */
  readonly port?: number;
  /** UDP port on which clients search; 0 takes any free one. 5076 if not given. */
  readonly broadcastPort?: number;
  /** Where the server announces itself, beside the broadcast addresses of its interfaces. */
  readonly beaconAddresses?: readonly string[];
  /** Announce on the broadcast addresses of all interfaces; true if not given. */
  readonly autoBeacons?: boolean;
  /** Clients whose searches are ignored: addresses, with `:port` if wanted. */
  readonly ignoreAddresses?: readonly string[];
  /** Seconds without a sign of life after which a client is given up (EPICS_PVA_CONN_TMO); 30 if not given. */
  readonly connectionTimeout?: number;
  /**
   * Threads that serve clients, from 1 (if not given) to 64. A thread sends all updates of the clients that it was given: with
   * several, one channel feeds many clients with more than one core. Each connection goes to the thread with the fewest
   * subscriptions. Linux only: elsewhere there is one.
   */
  readonly threads?: number;
  /** On loopback only, on free ports, unannounced, without the environment: for tests and private channels. */
  readonly isolated?: boolean;
  /** Take what is not given here from the environment; true if not given. */
  readonly useEnvironment?: boolean;
}

const KEYS: readonly (keyof PvaServerConfig)[] = [
  'interfaces',
  'port',
  'broadcastPort',
  'beaconAddresses',
  'autoBeacons',
  'ignoreAddresses',
  'connectionTimeout',
  'threads',
  'isolated',
  'useEnvironment',
];

function check(config: PvaServerConfig): void {
  checkKeys('server', config, KEYS);
  checkInteger('server: port', config.port, 0, 65_535);
  checkInteger('server: broadcastPort', config.broadcastPort, 0, 65_535);
  checkSeconds('server: connectionTimeout', config.connectionTimeout);
  checkInteger('server: threads', config.threads, 1, 64);
}

/** The EPICS_PVAS_* definitions of a configuration. Throws PVAFLOW_OPTION naming what is wrong. */
export function serverDefinitions(config: PvaServerConfig, environment: NodeJS.ProcessEnv): Record<string, string> {
  check(config);
  const definitions: Record<string, string> = {};
  if (!config.isolated && config.useEnvironment !== false) {
    for (const [name, value] of Object.entries(environment)) {
      if (name.startsWith('EPICS_PVA') && value !== undefined) definitions[name] = value;
    }
  }
  const define = (name: string, value: string | undefined) => {
    if (value !== undefined) definitions[name] = value;
  };
  define('EPICS_PVAS_INTF_ADDR_LIST', config.interfaces?.join(' '));
  define('EPICS_PVAS_SERVER_PORT', config.port?.toString());
  define('EPICS_PVAS_BROADCAST_PORT', config.broadcastPort?.toString());
  define('EPICS_PVAS_BEACON_ADDR_LIST', config.beaconAddresses?.join(' '));
  define(
    'EPICS_PVAS_AUTO_BEACON_ADDR_LIST',
    config.autoBeacons === undefined ? undefined : config.autoBeacons ? 'YES' : 'NO',
  );
  define('EPICS_PVAS_IGNORE_ADDR_LIST', config.ignoreAddresses?.join(' '));
  define('EPICS_PVA_CONN_TMO', config.connectionTimeout?.toString());
  return definitions;
}

/** The address at which a client on this machine reaches a server that serves on `interfaces`. */
export function localAddress(interfaces: string): string {
  const first = interfaces.split(/\s+/).find((address) => address !== '') ?? '';
  const host = first.replace(/^\[(.*)\](:\d+)?$/, '$1').replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1');
  if (host === '' || host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
