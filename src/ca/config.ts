import { checkKeys } from '../core/check-keys.js';
import { checkAddresses } from '../pva/config.js';
import { badOption, checkInteger, checkSeconds } from '../pva/options.js';

/** How a client finds its servers. What is not given here comes from the EPICS_CA_* variables, then from EPICS' defaults. */
export interface CaClientConfig {
  /** Where to search: `host[:port]`, unicast or broadcast (EPICS_CA_ADDR_LIST). */
  readonly addressList?: readonly string[];
  /** Search on the broadcast addresses of all interfaces too (EPICS_CA_AUTO_ADDR_LIST). Default: true. */
  readonly autoAddressList?: boolean;
  /** Servers asked over TCP, `host[:port]` (EPICS_CA_NAME_SERVERS). */
  readonly nameServers?: readonly string[];
  /** Port of servers whose address does not name theirs (EPICS_CA_SERVER_PORT). Default: 5064. */
  readonly serverPort?: number;
  /** UDP port of the CA repeater, which hands on beacons (EPICS_CA_REPEATER_PORT). Default: 5065. */
  readonly repeaterPort?: number;
  /** Seconds without a sign of life after which a server is given up (EPICS_CA_CONN_TMO). Default: 30. */
  readonly connectionTimeout?: number;
  /** Seconds after which get, put and info give up, unless the call says otherwise. Default: 5. */
  readonly timeout?: number;
  /** Whether EPICS_CA_* variables of the process count. Default: true. */
  readonly useEnvironment?: boolean;
}

/** EPICS_CA_* names and their values: what libca takes instead of the process environment. */
export type CaDefinitions = Record<string, string>;

const KEYS: readonly (keyof CaClientConfig)[] = [
  'addressList',
  'autoAddressList',
  'nameServers',
  'serverPort',
  'repeaterPort',
  'connectionTimeout',
  'timeout',
  'useEnvironment',
];

/**
 * The definitions for a client. The environment is read here and not by libca: in a worker thread it is a copy that
 * native code does not see. Throws PVAFLOW_OPTION naming what is wrong.
 */
export function clientDefinitions(
  config: CaClientConfig,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): CaDefinitions {
  checkClientConfig(config);
  const definitions = { ...(config.useEnvironment === false ? {} : ours(environment)), ...givenDefinitions(config) };
  checkSearch(definitions);
  return definitions;
}

function checkClientConfig(config: CaClientConfig): void {
  checkKeys('client', config, KEYS);
  checkAddresses('addressList', config.addressList);
  checkAddresses('nameServers', config.nameServers);
  // libca takes another port for the one it knows, and says so on stderr only
  checkInteger('client: serverPort', config.serverPort, 5001, 65_535);
  checkInteger('client: repeaterPort', config.repeaterPort, 5001, 65_535);
  checkSeconds('client: connectionTimeout', config.connectionTimeout);
  checkSeconds('client: timeout', config.timeout);
}

/** The EPICS_CA_* variables of an environment. */
function ours(environment: Readonly<Record<string, string | undefined>>): CaDefinitions {
  const entries = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[0].startsWith('EPICS_CA_') && entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}

function givenDefinitions(config: CaClientConfig): CaDefinitions {
  const yesNo = (value: boolean | undefined) => (value === undefined ? undefined : value ? 'YES' : 'NO');
  return ours({
    EPICS_CA_ADDR_LIST: config.addressList?.join(' '),
    EPICS_CA_AUTO_ADDR_LIST: yesNo(config.autoAddressList),
    EPICS_CA_NAME_SERVERS: config.nameServers?.join(' '),
    EPICS_CA_SERVER_PORT: config.serverPort?.toString(),
    EPICS_CA_REPEATER_PORT: config.repeaterPort?.toString(),
    EPICS_CA_CONN_TMO: config.connectionTimeout?.toString(),
  });
}

/** A client that searches nowhere would wait for ever. */
function checkSearch(definitions: CaDefinitions): void {
  const automatic = !/no/i.test(definitions['EPICS_CA_AUTO_ADDR_LIST'] ?? '');
  const anywhere = ['EPICS_CA_ADDR_LIST', 'EPICS_CA_NAME_SERVERS'].some((name) => definitions[name]?.trim());
  if (automatic || anywhere) return;
  throw badOption(
    'client: nowhere to search: the automatic address list is off, and neither addressList (EPICS_CA_ADDR_LIST) nor ' +
      'nameServers (EPICS_CA_NAME_SERVERS) has an address',
  );
}

/** `EPICS_CA_ADDR_LIST=… EPICS_CA_NAME_SERVERS=…` as given, for messages about a search without an answer. */
export function describeDefinitions(definitions: CaDefinitions): string {
  const shown = ['EPICS_CA_ADDR_LIST', 'EPICS_CA_AUTO_ADDR_LIST', 'EPICS_CA_NAME_SERVERS', 'EPICS_CA_SERVER_PORT'];
  const set = shown.filter((name) => definitions[name] !== undefined);
  if (set.length === 0) return 'EPICS_CA_ADDR_LIST is not set';
  return set.map((name) => `${name}=${definitions[name]}`).join(' ');
}
