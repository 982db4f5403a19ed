import { fileURLToPath } from 'node:url';
import { codecsFolder, pythonWithPeers } from './install.js';
import { clientOf, newPlace, pvapyClientOf, serverAt, type Environment, type Place } from './network.js';
import type { Peer } from './peer.js';
import type { Peers } from './peers.js';

const script = (name: string) => fileURLToPath(new URL(`python/${name}`, import.meta.url));

/** A server in a process of its own, and where it lives. */
export interface PeerServer {
  readonly peer: Peer;
  readonly place: Place;
}

async function startPython(peers: Peers, name: string, args: string[], env: Environment, ready: RegExp): Promise<Peer> {
  return peers.start({ name, command: pythonWithPeers(), args, env, ready });
}

async function startServer(
  peers: Peers,
  name: string,
  args: string[],
  at?: Place,
  more?: Environment,
): Promise<PeerServer> {
  const place = at ?? (await newPlace());
  return { peer: await startPython(peers, name, args, { ...serverAt(place), ...more }, /^READY$/), place };
}

/** A p4p server: `double`, `long`, `string`, `array`, `enum`, `table`, `odd` and the call `add`, each under the prefix. */
export function startP4pServer(peers: Peers, prefix: string): Promise<PeerServer> {
  return startServer(peers, 'p4p server', [script('p4p_server.py'), prefix]);
}

/** A pvaPy server: `double`, `structure` and the call `upper`, each under the prefix. */
export function startPvapyServer(peers: Peers, prefix: string): Promise<PeerServer> {
  return startServer(peers, 'pvaPy server', [script('pvapy_server.py'), prefix]);
}

/** A pvaPy server with one channel, on which its client posts frames with ids: `post` with `first` and `last`. */
export async function startPvapySource(
  peers: Peers,
  channel: string,
  at?: Place,
): Promise<PeerServer & { client: PythonClient }> {
  const place = at ?? (await newPlace());
  const args = [script('pvapy_source.py'), channel];
  const peer = await startPython(peers, 'pvaPy source', args, serverAt(place), /"ready"/);
  return { peer, place, client: new PythonClient(peer) };
}

/** A p4p server with one channel of images: `post` with `ids`, `dtype`, `shape`, `seconds`, and `retype`. */
export async function startP4pFrames(peers: Peers, channel: string): Promise<PeerServer & { client: PythonClient }> {
  const place = await newPlace();
  const peer = await startPython(peers, 'p4p frames', [script('p4p_frames.py'), channel], serverAt(place), /"ready"/);
  return { peer, place, client: new PythonClient(peer) };
}

/** An IOC with PVXS' QSRV: the records of python/records.db (or another), each under the prefix, over both protocols. */
export function startIoc(
  peers: Peers,
  prefix: string,
  { database = 'records.db', at, env }: { database?: string; at?: Place; env?: Environment } = {},
): Promise<PeerServer> {
  return startServer(peers, 'PVXS IOC', [script('ioc.py'), script(database), `P=${prefix}`], at, env);
}

/** pvaPy's area-detector simulator, with its own options, and `more` in its environment. */
export async function startPvapySimulator(
  peers: Peers,
  args: string[],
  at?: Place,
  more: Environment = {},
): Promise<PeerServer> {
  const place = at ?? (await newPlace());
  const main = 'from pvapy.cli.adSimServer import main; main()';
  const env = { ...serverAt(place), ...more };
  const peer = await startPython(peers, 'pvapy-ad-sim-server', ['-c', main, ...args, '-dc'], env, /./);
  return { peer, place };
}

/** pvaPy's consumer with its own options, reading from `sources`. Its processors may come from this folder's python/. */
export async function startPvapyConsumer(peers: Peers, args: string[], sources: Place[]): Promise<PeerServer> {
  const place = await newPlace();
  const main = 'from pvapy.cli.hpcConsumer import main; main()';
  const env = { ...pvapyClientOf(...sources), ...serverAt(place) };
  const peer = await startPython(peers, 'pvapy-hpc-consumer', ['-c', main, ...args, '-dc'], env, /./);
  return { peer, place };
}

/** The processor of pvaPy that counts and sums what it sees (user statistics: count, last, total, shape). */
export const frameAccountArgs = ['-pf', script('frame_account.py'), '-pc', 'FrameAccount'];

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** A scripted client in Python: each request is answered, in order. */
export class PythonClient {
  private requests = 0;

  constructor(private readonly peer: Peer) {}

  static async p4p(peers: Peers, ...places: Place[]): Promise<PythonClient> {
    return PythonClient.start(peers, 'p4p client', 'p4p_client.py', clientOf(...places));
  }

  static async pvapy(peers: Peers, ...places: Place[]): Promise<PythonClient> {
    return PythonClient.start(peers, 'pvaPy client', 'pvapy_client.py', pvapyClientOf(...places));
  }

  /** The codecs of Python's packages, and pvaPy with these; see python/codecs.py. It serves at `place` and sees `places`. */
  static async codecs(peers: Peers, place: Place, ...places: Place[]): Promise<PythonClient> {
    const env = { ...serverAt(place), ...pvapyClientOf(...places), PYTHONPATH: codecsFolder() };
    return PythonClient.start(peers, 'codecs', 'codecs.py', env);
  }

  /** What image processors do with values, by NumPy; see python/image_values.py. */
  static async imageValues(peers: Peers): Promise<PythonClient> {
    return PythonClient.start(peers, 'NumPy', 'image_values.py', {});
  }

  /** NumPy, which does to images what the processors do: `operate`; see python/image_operations.py. */
  static async numpy(peers: Peers): Promise<PythonClient> {
    return PythonClient.start(peers, 'NumPy', 'image_operations.py', {});
  }

  private static async start(peers: Peers, name: string, file: string, env: Environment): Promise<PythonClient> {
    return new PythonClient(await startPython(peers, name, [script(file)], env, /"ready"/));
  }

  /** Stops the whole process, as if its machine had no time for it. */
  freeze(): Promise<void> {
    return this.peer.freeze();
  }

  /** Lets it go on after freeze(). */
  thaw(): void {
    this.peer.kill('SIGCONT');
  }

  /** Sends one request; rejects with what Python raised. */
  async request<T = unknown>(command: string, args: Record<string, unknown>): Promise<T> {
    const id = ++this.requests;
    const line = this.peer.nextLine(new RegExp(`^\\{"id": ${id},`));
    this.peer.write(JSON.stringify({ id, command, args }));
    const answer = JSON.parse(await line) as Answer;
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.result as T;
  }
}

/** Images of pvaPy: `serve PREFIX`, or `read NAME …`; see python/pvapy_images.py. */
export function pvapyImages(...args: string[]): { name: string; command: string; args: string[] } {
  return { name: 'pvaPy images', command: pythonWithPeers(), args: [script('pvapy_images.py'), ...args] };
}
