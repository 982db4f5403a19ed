import type { NetworkInterfaceInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { clientDefinitions, describeDefinitions, searchedAddresses } from '../../src/pva/config.js';
import { PvaClient } from '../../src/pva/client.js';

const environment = {
  EPICS_PVA_ADDR_LIST: '10.0.0.1 10.0.0.2',
  EPICS_PVA_BROADCAST_PORT: '6076',
  PATH: '/bin',
  EPICS_PVAS_SERVER_PORT: '1',
};

describe('definitions of a client', () => {
  it('come from the environment', () => {
    expect(clientDefinitions({}, environment)).toEqual({
      EPICS_PVA_ADDR_LIST: '10.0.0.1 10.0.0.2',
      EPICS_PVA_BROADCAST_PORT: '6076',
    });
  });

  it('are those given before those of the environment', () => {
    const definitions = clientDefinitions({ addressList: ['10.9.9.9:99'], autoAddressList: false }, environment);
    expect(definitions).toEqual({
      EPICS_PVA_ADDR_LIST: '10.9.9.9:99',
      EPICS_PVA_AUTO_ADDR_LIST: 'NO',
      EPICS_PVA_BROADCAST_PORT: '6076',
    });
  });

  it('search on this machine when it has no network, and nothing else is said', () => {
    const loopback = { address: '127.0.0.1', family: 'IPv4', internal: true } as NetworkInterfaceInfo;
    const offline = { lo: [loopback] };
    expect(clientDefinitions({}, {}, offline)).toEqual({ EPICS_PVA_ADDR_LIST: '127.0.0.1' });
    expect(clientDefinitions({ nameServers: ['h:1'] }, {}, offline)).toEqual({ EPICS_PVA_NAME_SERVERS: 'h:1' });
    const online = { ...offline, eth0: [{ ...loopback, address: '10.0.0.7', internal: false }] };
    expect(clientDefinitions({}, {}, online)).toEqual({});
  });

  it('leave the environment alone when told so', () => {
    const config = {
      nameServers: ['h:1', 'i:2'],
      broadcastPort: 3,
      serverPort: 4,
      interfaces: ['127.0.0.1'],
      connectionTimeout: 7,
      autoAddressList: true,
      useEnvironment: false,
    };
    expect(clientDefinitions(config, environment)).toEqual({
      EPICS_PVA_NAME_SERVERS: 'h:1 i:2',
      EPICS_PVA_BROADCAST_PORT: '3',
      EPICS_PVA_SERVER_PORT: '4',
      EPICS_PVA_INTF_ADDR_LIST: '127.0.0.1',
      EPICS_PVA_CONN_TMO: '7',
      EPICS_PVA_AUTO_ADDR_LIST: 'YES',
    });
  });

  it.each([
    [{ adressList: [] }, 'client has no option adressList. Did you mean addressList?'],
    [{ addressList: '10.0.0.1' }, 'client: addressList must be a list of addresses, found 10.0.0.1'],
    [{ nameServers: ['a b'] }, 'client: nameServers has an entry that is no address: "a b"'],
    [{ broadcastPort: 65536 }, 'client: broadcastPort must be a whole number from 1 to 65535, found 65536'],
    [{ serverPort: 0 }, 'client: serverPort must be'],
    [{ timeout: 0 }, 'client: timeout must be a number of seconds above 0, found 0'],
    [{ connectionTimeout: 'x' }, 'client: connectionTimeout must be'],
    [{ autoAddressList: false, useEnvironment: false }, 'client: nowhere to search'],
    [{ autoAddressList: false, addressList: [], useEnvironment: false }, 'client: nowhere to search'],
  ])('are refused for %j', (config, message) => {
    expect(() => clientDefinitions(config as object, environment)).toThrow(message);
    expect(() => new PvaClient(config as object)).toThrow(expect.objectContaining({ code: 'PVAFLOW_OPTION' }));
  });
});

it('tells people where it searches', () => {
  const definitions = { EPICS_PVA_ADDR_LIST: '10.0.0.1:5076', EPICS_PVA_NAME_SERVERS: 'h:1' };
  expect(searchedAddresses(definitions)).toEqual(['10.0.0.1:5076', 'h:1 (name server)']);
  expect(describeDefinitions(definitions)).toBe(
    'EPICS_PVA_ADDR_LIST=10.0.0.1:5076 EPICS_PVA_NAME_SERVERS=h:1; as a name server no server of pvaPy, areaDetector or pvDatabase answers',
  );
  expect(describeDefinitions({})).toBe('EPICS_PVA_ADDR_LIST is not set');

  using client = new PvaClient({ addressList: ['127.0.0.1:7777'], autoAddressList: false, useEnvironment: false });
  expect(client.searchedAddresses).toEqual(['127.0.0.1:7777']);
  expect(client.describeSearch()).toBe(
    'searched 127.0.0.1:7777; EPICS_PVA_ADDR_LIST=127.0.0.1:7777 EPICS_PVA_AUTO_ADDR_LIST=NO',
  );
});
