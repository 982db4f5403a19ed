import { join } from 'node:path';
import { projectRoot } from '../../test/peers/install.js';
import { caClientOf, clientOf, newPlace, serverAt, type Place } from '../../test/peers/network.js';
import { Peer } from '../../test/peers/peer.js';

/** A command of pvaflow that runs the whole time, or is ended and started again where it was. */
export class Service {
  #peer: Peer | undefined;

  private constructor(
    readonly name: string,
    readonly args: readonly string[],
    readonly place: Place,
    readonly sources: readonly Place[],
    /** Where it tells of itself; undefined for commands that do not. */
    readonly metrics: string | undefined,
  ) {}

  /** @param hasMetrics whether the command has the option */
  static async start(name: string, args: readonly string[], sources: readonly Place[], hasMetrics = true) {
    const place = await newPlace();
    const port = String((await newPlace()).tcpPort);
    const all = hasMetrics ? [...args, '--metrics', port] : args;
    const url = hasMetrics ? `http://127.0.0.1:${port}/metrics` : undefined;
    const service = new Service(name, all, place, sources, url);
    await service.begin();
    return service;
  }

  /** Starts it, again if it has ended. */
  async begin(): Promise<void> {
    this.#peer = await Peer.start({
      name: this.name,
      command: process.execPath,
      args: [join(projectRoot, 'bin', 'pvaflow.js'), ...this.args],
      env: { ...clientOf(...this.sources), ...caClientOf(...this.sources), ...serverAt(this.place) },
    });
  }

  get peer(): Peer {
    if (this.#peer === undefined) throw new Error(`${this.name} has not started`);
    return this.#peer;
  }

  /** Asks it to finish what it has; gives what it printed. */
  async finish(): Promise<readonly string[]> {
    this.peer.kill('SIGINT');
    await this.peer.exited;
    return this.peer.output;
  }
}
