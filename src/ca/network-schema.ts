import { z } from 'zod';
import { seconds } from '../core/schema/values.js';

const addresses = (what: string) =>
  z
    .array(z.string().regex(/^\S+$/).meta({ expected: 'an address, host or host:port' }))
    .optional()
    .describe(what);
const port = (what: string) => z.int().min(5001).max(65_535).optional().describe(what);

/** How channels of Channel Access are found; what is not given comes from the environment. See `CaClientConfig`. */
export const caSchema = z
  .strictObject({
    addressList: addresses('where to search (EPICS_CA_ADDR_LIST)'),
    autoAddressList: z.boolean().optional().describe('search on all broadcast addresses too (EPICS_CA_AUTO_ADDR_LIST)'),
    nameServers: addresses('servers asked over TCP (EPICS_CA_NAME_SERVERS)'),
    serverPort: port('port of servers whose address does not name theirs (EPICS_CA_SERVER_PORT)'),
    repeaterPort: port('UDP port of the repeater, which hands on beacons (EPICS_CA_REPEATER_PORT)'),
    connectionTimeout: seconds({ above: true })
      .optional()
      .describe('without a sign of life for so long, a server is given up (EPICS_CA_CONN_TMO)'),
    timeout: seconds({ above: true }).optional().describe('after so long without an answer, a request is given up'),
    useEnvironment: z.boolean().optional().describe('whether EPICS_CA_* variables count; they do if not given'),
  })
  .describe('how channels of Channel Access are found; what is not given comes from the environment');

/** Where records are served over Channel Access; what is not given comes from the environment. See `CaServerConfig`. */
export const caServerSchema = z
  .strictObject({
    interfaces: addresses('network interfaces to serve on (EPICS_CAS_INTF_ADDR_LIST)'),
    port: port('TCP and UDP port (EPICS_CAS_SERVER_PORT)'),
    beaconAddresses: addresses('where the server announces itself (EPICS_CAS_BEACON_ADDR_LIST)'),
    autoBeacons: z
      .boolean()
      .optional()
      .describe('announce on all broadcast addresses too (EPICS_CAS_AUTO_BEACON_ADDR_LIST)'),
    beaconPort: port('UDP port of these announcements (EPICS_CAS_BEACON_PORT)'),
    useEnvironment: z.boolean().optional().describe('whether EPICS_CA* variables count; they do if not given'),
  })
  .describe('where records are served over Channel Access; what is not given comes from the environment');
