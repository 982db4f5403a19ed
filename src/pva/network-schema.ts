import { z } from 'zod';
import { seconds } from '../core/schema/values.js';

const addresses = (what: string) =>
  z
    .array(z.string().regex(/^\S+$/).meta({ expected: 'an address, host or host:port' }))
    .optional()
    .describe(what);
const port = (lowest: number, what: string) => z.int().min(lowest).max(65_535).optional().describe(what);

/** How input channels are found; what is not given comes from the environment. See `PvaClientConfig`. */
export const clientSchema = z
  .strictObject({
    addressList: addresses('where to search (EPICS_PVA_ADDR_LIST)'),
    autoAddressList: z
      .boolean()
      .optional()
      .describe('search on all broadcast addresses too (EPICS_PVA_AUTO_ADDR_LIST)'),
    nameServers: addresses('servers asked over TCP (EPICS_PVA_NAME_SERVERS)'),
    broadcastPort: port(1, 'UDP port of searches and beacons (EPICS_PVA_BROADCAST_PORT)'),
    serverPort: port(1, 'TCP port of name servers that do not name theirs (EPICS_PVA_SERVER_PORT)'),
    interfaces: addresses('local interfaces on which beacons are heard (EPICS_PVA_INTF_ADDR_LIST)'),
    connectionTimeout: seconds({ above: true })
      .optional()
      .describe('without a sign of life for so long, a server is given up (EPICS_PVA_CONN_TMO)'),
    timeout: seconds({ above: true }).optional().describe('after so long without an answer, a request is given up'),
    useEnvironment: z.boolean().optional().describe('whether EPICS_PVA_* variables count; they do if not given'),
  })
  .describe('how channels are found; what is not given comes from the environment');

/** Where channels are served; what is not given comes from the environment. See `PvaServerConfig`. */
export const serverSchema = z
  .strictObject({
    interfaces: addresses('network interfaces to serve on (EPICS_PVAS_INTF_ADDR_LIST)'),
    port: port(0, 'TCP port; 0: any free one (EPICS_PVAS_SERVER_PORT)'),
    broadcastPort: port(0, 'UDP port on which clients search; 0: any free one (EPICS_PVAS_BROADCAST_PORT)'),
    beaconAddresses: addresses('where the server announces itself (EPICS_PVAS_BEACON_ADDR_LIST)'),
    autoBeacons: z
      .boolean()
      .optional()
      .describe('announce on all broadcast addresses too (EPICS_PVAS_AUTO_BEACON_ADDR_LIST)'),
    ignoreAddresses: addresses('clients whose searches are ignored (EPICS_PVAS_IGNORE_ADDR_LIST)'),
    connectionTimeout: seconds({ above: true })
      .optional()
      .describe('without a sign of life for so long, a client is given up (EPICS_PVA_CONN_TMO)'),
    threads: z
      .int()
      .min(1)
      .max(64)
      .optional()
      .describe('threads that send to clients, 1 if not given: more for several clients'),
    isolated: z.boolean().optional().describe('on loopback only, on free ports, unannounced'),
    useEnvironment: z.boolean().optional().describe('whether EPICS_PVAS_* variables count; they do if not given'),
  })
  .describe('where channels are served; what is not given comes from the environment');

/** The part `network` of a configuration. */
export const networkSchema = z
  .strictObject({ client: clientSchema.optional(), server: serverSchema.optional() })
  .prefault({})
  .describe('network settings, in the place of the EPICS_PVA* variables');
