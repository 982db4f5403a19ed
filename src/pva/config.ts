import { networkInterfaces } from 'node:os';
import { checkKeys } from '../core/check-keys.js';
import { badOption, checkInteger, checkSeconds } from './options.js';

/** How a client finds its servers. What is not given here comes from the EPICS_PVA_* variables, then from PVXS' defaults. */
export interface PvaClientConfig {
  /** Where to search: `host[:port]`, unicast, broadcast or multicast (EPICS_PVA_ADDR_LIST). */
  readonly addressList?: readonly string[];
  /** Search on the broadcast addresses of all interfaces too (EPICS_PVA_AUTO_ADDR_LIST). Default: true. */
  readonly autoAddressList?: boolean;
  /** Servers asked over TCP, `host[:port]` (EPICS_PVA_NAME_SERVERS): reaches a server without any broadcast. */
  readonly nameServers?: readonly string[];
  /** UDP port of searches and beacons (EPICS_PVA_BROADCAST_PORT). Default: 5076. */
  readonly broadcastPort?: number;
  /** TCP port of name servers that do not name theirs (EPICS_PVA_SERVER_PORT). Default: 5075. */
  readonly serverPort?: number;
  /** Local interfaces on which beacons are heard (EPICS_PVA_INTF_ADDR_LIST). Default: all. */
  readonly interfaces?: readonly string[];
  /** Seconds without a sign of life after which a server is given up (EPICS_PVA_CONN_TMO). Default: 30. */
  readonly connectionTimeout?: number;
  /** Seconds after which get, put, rpc and info give up, unless the call says otherwise. Default: 5. */
  readonly timeout?: number;
  /** Whether EPICS_PVA_* variables of the process count. Default: true. */
  readonly useEnvironment?: boolean;
}

/** EPICS_PVA_* names and their values: what PVXS takes instead of the process environment. */
export type PvaDefinitions = Record<string, string>;

const KEYS: readonly (keyof PvaClientConfig)[] = [
  'addressList',
  'autoAddressList',
  'nameServers',
  'broadcastPort',
  'serverPort',
  'interfaces',
  'connectionTimeout',
  'timeout',
  'useEnvironment',
];

const VARIABLES = [
  'EPICS_PVA_ADDR_LIST',
  'EPICS_PVA_AUTO_ADDR_LIST',
  'EPICS_PVA_NAME_SERVERS',
  'EPICS_PVA_BROADCAST_PORT',
  'EPICS_PVA_SERVER_PORT',
  'EPICS_PVA_INTF_ADDR_LIST',
  'EPICS_PVA_CONN_TMO',
];

/**
 * The definitions for a client. The environment is read here and not by PVXS: in a worker thread it is a copy that
 * native code does not see. A machine without a network has no address to broadcast to: there, its own servers are found.
 * Throws PVAFLOW_OPTION naming what is wrong.
 */
export function clientDefinitions(
  config: PvaClientConfig,
  environment: Readonly<Record<string, string | undefined>> = process.env,
  interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): PvaDefinitions {
  checkClientConfig(config);
  const definitions = config.useEnvironment === false ? {} : definitionsOf(environment);
  Object.assign(definitions, givenDefinitions(config));
  checkSearch(definitions);
  if (!namesAddresses(definitions) && !hasNetwork(interfaces)) definitions.EPICS_PVA_ADDR_LIST = '127.0.0.1';
  return definitions;
}

function checkClientConfig(config: PvaClientConfig): void {
  checkKeys('client', config, KEYS);
  checkAddresses('addressList', config.addressList);
  checkAddresses('nameServers', config.nameServers);
  checkAddresses('interfaces', config.interfaces);
  checkInteger('client: broadcastPort', config.broadcastPort, 1, 65_535);
  checkInteger('client: serverPort', config.serverPort, 1, 65_535);
  checkSeconds('client: connectionTimeout', config.connectionTimeout);
  checkSeconds('client: timeout', config.timeout);
}

/** Refuses what is no list of addresses; undefined passes. */
export function checkAddresses(key: string, addresses: readonly string[] | undefined): void {
  if (addresses === undefined) return;
  if (!Array.isArray(addresses))
    throw badOption(`client: ${key} must be a list of addresses, found ${String(addresses)}`);
  const wrong = (addresses as readonly unknown[]).find(
    (address) => typeof address !== 'string' || !/^\S+$/.test(address),
  );
  if (wrong !== undefined) throw badOption(`client: ${key} has an entry that is no address: ${JSON.stringify(wrong)}`);
}

function definitionsOf(environment: Readonly<Record<string, string | undefined>>): PvaDefinitions {
  const definitions: PvaDefinitions = {};
  for (const name of VARIABLES) {
    const value = environment[name];
    if (value !== undefined) definitions[name] = value;
  }
  return definitions;
}

function givenDefinitions(config: PvaClientConfig): PvaDefinitions {
  const yesNo = (value: boolean | undefined) => (value === undefined ? undefined : value ? 'YES' : 'NO');
  return definitionsOf({
    EPICS_PVA_ADDR_LIST: config.addressList?.join(' '),
    EPICS_PVA_AUTO_ADDR_LIST: yesNo(config.autoAddressList),
    EPICS_PVA_NAME_SERVERS: config.nameServers?.join(' '),
    EPICS_PVA_BROADCAST_PORT: config.broadcastPort?.toString(),
    EPICS_PVA_SERVER_PORT: config.serverPort?.toString(),
    EPICS_PVA_INTF_ADDR_LIST: config.interfaces?.join(' '),
    EPICS_PVA_CONN_TMO: config.connectionTimeout?.toString(),
  });
}

/** A client that searches nowhere would wait for ever. */
function checkSearch(definitions: PvaDefinitions): void {
  const automatic = !/^(no|0)$/i.test(definitions.EPICS_PVA_AUTO_ADDR_LIST ?? '');
  if (automatic || namesAddresses(definitions)) return;
  throw badOption(
    'client: nowhere to search: the automatic address list is off, and neither addressList (EPICS_PVA_ADDR_LIST) nor ' +
      'nameServers (EPICS_PVA_NAME_SERVERS) has an address',
  );
}

function namesAddresses({ EPICS_PVA_ADDR_LIST, EPICS_PVA_NAME_SERVERS }: PvaDefinitions): boolean {
  return [EPICS_PVA_ADDR_LIST, EPICS_PVA_NAME_SERVERS].some((list) => (list ?? '').trim() !== '');
}

function hasNetwork(interfaces: ReturnType<typeof networkInterfaces>): boolean {
  return Object.values(interfaces).some((each) => each?.some(({ family, internal }) => family === 'IPv4' && !internal));
}

/** The addresses that a client with these effective definitions searches, for people. */
export function searchedAddresses(definitions: PvaDefinitions): string[] {
  const list = (name: string) => (definitions[name] ?? '').split(/\s+/).filter((address) => address !== '');
  return [
    ...list('EPICS_PVA_ADDR_LIST'),
    ...list('EPICS_PVA_NAME_SERVERS').map((address) => `${address} (name server)`),
  ];
}

/** `EPICS_PVA_ADDR_LIST=… EPICS_PVA_NAME_SERVERS=…` as given, for messages about a search without an answer. */
export function describeDefinitions(definitions: PvaDefinitions): string {
  const shown = ['EPICS_PVA_ADDR_LIST', 'EPICS_PVA_AUTO_ADDR_LIST', 'EPICS_PVA_NAME_SERVERS'];
  const set = shown.filter((name) => definitions[name] !== undefined);
  if (set.length === 0) return 'EPICS_PVA_ADDR_LIST is not set';
  const asGiven = set.map((name) => `${name}=${definitions[name]}`).join(' ');
  const asksByName = (definitions.EPICS_PVA_NAME_SERVERS ?? '').trim() !== '';
  return asksByName ? `${asGiven}; as a name server no server of pvaPy, areaDetector or pvDatabase answers` : asGiven;
}
