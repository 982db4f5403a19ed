import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Where one server of a test lives: on loopback, on ports that nobody else uses. */
export interface Place {
  readonly tcpPort: number;
  readonly udpPort: number;
  /** Where clients of this server listen for beacons: none come, and no port of a server is shared. */
  readonly beaconPort: number;
  /** Of Channel Access: TCP and UDP. */
  readonly caPort: number;
  /** Where the CA repeater of its clients listens, to which its beacons go. */
  readonly repeaterPort: number;
}

/** Environment variables of a subprocess. */
export type Environment = Record<string, string>;

const FIRST_PORT = 10_000;
const PORTS = 22_000; // below the range that systems hand out for outgoing connections
const taken = new Set<number>();

async function canBind(port: number): Promise<boolean> {
  const tcp = createServer();
  const udp = createSocket('udp4');
  try {
    tcp.listen(port, '127.0.0.1');
    await once(tcp, 'listening');
    udp.bind(port, '127.0.0.1');
    await once(udp, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    tcp.close();
    try {
      udp.close();
    } catch {
      // it was never bound
    }
  }
}

async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    if (!taken.has(port) && (await canBind(port))) {
      taken.add(port);
      return port;
    }
  }
}

/** A place for one server. Two servers that share a UDP port on loopback hide each other, so each gets its own. */
export async function newPlace(): Promise<Place> {
  return {
    tcpPort: await freePort(),
    udpPort: await freePort(),
    beaconPort: await freePort(),
    caPort: await freePort(),
    repeaterPort: await freePort(),
  };
}

/** Variables that make any server of pvAccess or Channel Access live at the place. */
export function serverAt(place: Place): Environment {
  return {
    EPICS_PVAS_INTF_ADDR_LIST: '127.0.0.1',
    EPICS_PVAS_SERVER_PORT: String(place.tcpPort),
    EPICS_PVAS_BROADCAST_PORT: String(place.udpPort),
    EPICS_PVAS_AUTO_BEACON_ADDR_LIST: 'NO',
    EPICS_PVAS_BEACON_ADDR_LIST: `127.0.0.1:${place.beaconPort}`,
    EPICS_CAS_INTF_ADDR_LIST: '127.0.0.1',
    EPICS_CAS_SERVER_PORT: String(place.caPort),
    EPICS_CAS_AUTO_BEACON_ADDR_LIST: 'NO',
    EPICS_CAS_BEACON_ADDR_LIST: '127.0.0.1',
    EPICS_CAS_BEACON_PORT: String(place.repeaterPort),
  };
}

/** Variables that make a client find the servers at these places, and no other. Not for pvaPy: see below. */
export function clientOf(...places: Place[]): Environment {
  return {
    EPICS_PVA_AUTO_ADDR_LIST: 'NO',
    EPICS_PVA_ADDR_LIST: places.map(({ udpPort }) => `127.0.0.1:${udpPort}`).join(' '),
    EPICS_PVA_BROADCAST_PORT: String(places[0]?.beaconPort ?? 0),
  };
}

/** The same for Channel Access. */
export function caClientOf(...places: Place[]): Environment {
  return {
    EPICS_CA_AUTO_ADDR_LIST: 'NO',
    EPICS_CA_ADDR_LIST: places.map(({ caPort }) => `127.0.0.1:${caPort}`).join(' '),
    EPICS_CA_REPEATER_PORT: String(places[0]?.repeaterPort ?? 0),
  };
}

/**
 * The same for pvaPy's client, with the TCP ports as name servers: it does not search at a second UDP address once the
 * first was not reached. (PVXS' client in turn finds nothing when a pvaPy server is its name server.)
 */
export function pvapyClientOf(...places: Place[]): Environment {
  return {
    ...clientOf(...places),
    EPICS_PVA_NAME_SERVERS: places.map(({ tcpPort }) => `127.0.0.1:${tcpPort}`).join(' '),
  };
}
