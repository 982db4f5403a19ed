import { join } from 'node:path';
import { projectRoot } from '../../test/peers/install.js';
import { clientOf, newPlace, serverAt, type Place } from '../../test/peers/network.js';
import { Peer } from '../../test/peers/peer.js';
import type { Source, SourceKind } from '../ends.js';
import type { Size } from '../sizes.js';

/** Our simulator, as fast as its subscribers take frames, with more options of its own. */
export async function startOurSource(size: Size, options: readonly string[] = ['--await-subscribers', '1']) {
  return start('our simulator', size, await newPlace(), 0, options);
}

async function start(
  name: string,
  size: Size,
  place: Place,
  rate: number,
  options: readonly string[],
): Promise<Source> {
  const channel = 'bench:image';
  const side = `${size.side}`;
  const peer = await Peer.start({
    name,
    command: process.execPath,
    args: [
      ...[join(projectRoot, 'bin', 'pvaflow.js'), 'sim-server', '--channel-name', channel, '--frame-rate', `${rate}`],
      ...['--n-x-pixels', side, '--n-y-pixels', side, '--datatype', size.dtype, '--n-frames', '16'],
      ...['--runtime', '100000', '--report-period', '0', '--disable-curses', ...options],
    ],
    env: serverAt(place),
    ready: /./,
  });
  return { peer, place, channel, reach: clientOf(place) };
}

/** Our simulator, as fast as its subscribers take frames: it waits for them. */
export const ourSource: SourceKind = {
  name: 'our simulator',
  start: (size) => startOurSource(size),
};
