import { Peer } from '../../test/peers/peer.js';
import type { SinkKind } from '../ends.js';
import { nativeTool } from '../native-tools.js';
import { queueFor } from '../queue.js';

function nativeSink(name: string, tool: string): SinkKind {
  return {
    name,
    async start({ place, channel, reach }, size) {
      const args = ['--server', `127.0.0.1:${place.tcpPort}`, '--channel', channel, '--queue', `${queueFor(size)}`];
      return { peer: await Peer.start({ name, command: nativeTool(tool), args, env: reach, ready: /^ready$/ }) };
    },
  };
}

export const pvxsSink = nativeSink('PVXS client', 'pvxs-sink');
export const remediedPvxsSink = nativeSink('PVXS client with remedies', 'pvxs-sink-remedies');
export const tcpSink = nativeSink('TCP client', 'tcp-sink');
