import { clientOf, newPlace } from '../../test/peers/network.js';
import { Peer } from '../../test/peers/peer.js';
import type { SourceKind } from '../ends.js';
import { nativeTool } from '../native-tools.js';

/** A C++ source of bench/native: it sends as fast as its sink takes. */
function nativeSource(name: string, tool: string): SourceKind {
  return {
    name,
    async start(size) {
      const args = ['--nx', `${size.side}`, '--ny', `${size.side}`, '--dtype', size.dtype === 'uint8' ? 'u8' : 'u16'];
      const peer = await Peer.start({ name, command: nativeTool(tool), args, ready: /^ready \d+$/ });
      const tcpPort = Number(peer.lines.find((line) => line.startsWith('ready '))?.split(' ')[1]);
      const place = { ...(await newPlace()), tcpPort };
      const reach = { ...clientOf(place), EPICS_PVA_NAME_SERVERS: `127.0.0.1:${tcpPort}` };
      return { peer, place, channel: 'bench:image', reach };
    },
  };
}

export const pvxsSource = nativeSource('PVXS server', 'pvxs-source');
export const remediedPvxsSource = nativeSource('PVXS server with remedies', 'pvxs-source-remedies');
export const tcpSource = nativeSource('TCP server', 'tcp-source');
