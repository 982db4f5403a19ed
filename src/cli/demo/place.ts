import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

const LOOPBACK = '127.0.0.1';
const RETRY_MS = 50;

async function freeTcpPort(): Promise<number> {
  const server = createServer().listen(0, LOOPBACK);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, LOOPBACK);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** Where one server of the demo lives: on loopback, where no other pvAccess program sees it. */
export interface Place {
  readonly address: string;
  readonly port: number;
  /** What makes a server live there. */
  readonly env: Readonly<Record<string, string>>;
}

export async function newPlace(): Promise<Place> {
  const port = await freeTcpPort();
  const env = {
    EPICS_PVAS_INTF_ADDR_LIST: LOOPBACK,
    EPICS_PVAS_SERVER_PORT: String(port),
    EPICS_PVAS_BROADCAST_PORT: String(await freeUdpPort()),
    EPICS_PVAS_AUTO_BEACON_ADDR_LIST: 'NO',
    EPICS_PVAS_BEACON_ADDR_LIST: '',
  };
  return { address: `${LOOPBACK}:${port}`, port, env };
}

/** What makes a client find the server there, and no other. */
export function clientOf(place: Place): Readonly<Record<string, string>> {
  return { EPICS_PVA_AUTO_ADDR_LIST: 'NO', EPICS_PVA_ADDR_LIST: '', EPICS_PVA_NAME_SERVERS: place.address };
}

/** Whether somebody listens there now. */
async function isServed({ port }: Place): Promise<boolean> {
  const socket = connect(port, LOOPBACK);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Resolves when a server listens there: a client that comes too early tries again only after ten seconds. */
export async function untilServed(place: Place, check: () => void): Promise<void> {
  while (!(await isServed(place))) {
    check();
    await delay(RETRY_MS);
  }
}
