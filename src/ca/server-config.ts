import { checkKeys } from '../core/check-keys.js';
import { checkAddresses } from '../pva/config.js';
import { checkInteger } from '../pva/options.js';

/** Where records are served over Channel Access. What is not given here comes from the EPICS_CAS_* variables, then from EPICS' defaults. */
export interface CaServerConfig {
  /** Addresses of the network interfaces to serve on; all if not given (EPICS_CAS_INTF_ADDR_LIST). */
  readonly interfaces?: readonly string[];
  /** TCP and UDP port; 5064 if not given. When that is taken, clients find another for TCP by their search (EPICS_CAS_SERVER_PORT). */
  readonly port?: number;
  /** Where the server announces itself, beside the broadcast addresses of its interfaces (EPICS_CAS_BEACON_ADDR_LIST). */
  readonly beaconAddresses?: readonly string[];
  /** Announce on the broadcast addresses of all interfaces; true if not given (EPICS_CAS_AUTO_BEACON_ADDR_LIST). */
  readonly autoBeacons?: boolean;
  /** UDP port to which it announces itself; 5065 if not given (EPICS_CAS_BEACON_PORT). */
  readonly beaconPort?: number;
  /** Whether EPICS_CA* variables of the process count; they do if not given. */
  readonly useEnvironment?: boolean;
}

const KEYS: readonly (keyof CaServerConfig)[] = [
  'interfaces',
  'port',
  'beaconAddresses',
  'autoBeacons',
  'beaconPort',
  'useEnvironment',
];

/** The environment of a server's process. Throws PVAFLOW_OPTION naming what is wrong. */
export function serverEnvironment(
  config: CaServerConfig,
  environment: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  checkServerConfig(config);
  const inherited = Object.entries(environment).filter(
    ([name]) => config.useEnvironment !== false || !name.startsWith('EPICS_CA'),
  );
  return { ...Object.fromEntries(inherited), ...givenDefinitions(config) };
}

function checkServerConfig(config: CaServerConfig): void {
  checkKeys('server', config, KEYS);
  checkAddresses('interfaces', config.interfaces);
  checkAddresses('beaconAddresses', config.beaconAddresses);
  // EPICS takes another port for the one it knows, and says so on stderr only
  checkInteger('server: port', config.port, 5001, 65_535);
  checkInteger('server: beaconPort', config.beaconPort, 5001, 65_535);
}

function givenDefinitions({ interfaces, port, beaconAddresses, autoBeacons, beaconPort }: CaServerConfig) {
  const all = {
    EPICS_CAS_INTF_ADDR_LIST: interfaces?.join(' '),
    EPICS_CAS_SERVER_PORT: port?.toString(),
    EPICS_CAS_BEACON_ADDR_LIST: beaconAddresses?.join(' '),
    EPICS_CAS_AUTO_BEACON_ADDR_LIST: autoBeacons === undefined ? undefined : autoBeacons ? 'YES' : 'NO',
    EPICS_CAS_BEACON_PORT: beaconPort?.toString(),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
