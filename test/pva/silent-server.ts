import { Relay } from './relay.js';

const CREATE_CHANNEL = 7;

/** Stands before a server and keeps from it that somebody wants its channel `server`, so that it never says what it is. */
export class SilentServer implements Disposable {
  /** Resolves when it has been asked. */
  readonly asked: Promise<void>;
  private relay!: Relay;
  private tell = () => {};
  private silent = true;

  private constructor() {
    this.asked = new Promise((resolve) => (this.tell = resolve));
  }

  static async before(port: number): Promise<SilentServer> {
    const server = new SilentServer();
    server.relay = await Relay.before(port, { fromClient: (message) => (server.isQuestion(message) ? [] : [message]) });
    return server;
  }

  get port(): number {
    return this.relay.port;
  }

  /** Ends its connections, as a restart does, and keeps nothing from the server any more. */
  speakUp(): void {
    this.silent = false;
    this.relay.cut();
  }

  /** The process may end. */
  unref(): void {
    this.relay.unref();
  }

  [Symbol.dispose](): void {
    this.relay[Symbol.dispose]();
  }

  private isQuestion(message: Buffer): boolean {
    const is = this.silent && message[3] === CREATE_CHANNEL && message.includes('\x06server');
    if (is) this.tell();
    return is;
  }
}
