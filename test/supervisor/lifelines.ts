import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Connections that processes hold as long as they live: what they said, and that they ended. */
export class Lifelines implements AsyncDisposable {
  readonly #server: Server = createServer((socket) => this.#onConnection(socket));
  readonly #ended: Promise<string>[] = [];
  #onChange: () => void = () => {};

  static async open(): Promise<Lifelines> {
    const lifelines = new Lifelines();
    lifelines.#server.listen(0, '127.0.0.1');
    await once(lifelines.#server, 'listening');
    return lifelines;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Resolves when `count` processes hold theirs: the end of one that is killed before is not seen. */
  async connected(count: number): Promise<void> {
    while (this.#ended.length < count) await new Promise<void>((resolve) => (this.#onChange = resolve));
  }

  /** What each of `count` processes had said when it ended. */
  async allEnded(count: number): Promise<string[]> {
    await this.connected(count);
    return Promise.all(this.#ended);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    await Promise.all(this.#ended);
  }

  #onConnection(socket: Socket): void {
    let said = '';
    socket.on('data', (data) => (said += String(data)));
    socket.on('error', () => {}); // a process that is killed resets it
    this.#ended.push(new Promise((resolve) => socket.on('close', () => resolve(said))));
    this.#onChange();
  }
}
