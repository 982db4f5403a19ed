import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const HEADER = 8;
const BIG_ENDIAN = 0x80;
const SEARCH_ANSWER = 4;
const CREATE_CHANNEL = 7;
const PORT_OF_ANSWER = HEADER + 12 + 4 + 16; // after the guid, the number of the search and the address

/** Stands before a server and keeps from it that somebody wants its channel `server`, so that it never says what it is. */
export class SilentServer implements Disposable {
  /** Resolves when it has been asked. */
  readonly asked: Promise<void>;
  private readonly sockets: Socket[] = [];
  private tell = () => {};
  private silent = true;

  private constructor(
    private readonly listener: Server,
    target: number,
  ) {
    this.asked = new Promise((resolve) => (this.tell = resolve));
    listener.on('connection', (socket) => this.relay(socket, connect(target, '127.0.0.1')));
  }

  static async before(port: number): Promise<SilentServer> {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new SilentServer(listener, port);
  }

  get port(): number {
    return (this.listener.address() as AddressInfo).port;
  }

  /** Ends its connections, as a restart does, and keeps nothing from the server any more. */
  speakUp(): void {
    this.silent = false;
    for (const socket of this.sockets.splice(0)) socket.destroy();
  }

  /** The process may end. */
  unref(): void {
    this.listener.unref();
    for (const socket of this.sockets) socket.unref();
  }

  [Symbol.dispose](): void {
    this.listener.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private relay(client: Socket, server: Socket): void {
    this.sockets.push(client, server);
    client.on(
      'data',
      splitMessages((message) => this.isQuestion(message) || server.write(message)),
    );
    server.on(
      'data',
      splitMessages((message) => client.write(this.inMyName(message))),
    );
    client.on('error', () => server.destroy()).on('close', () => server.destroy());
    server.on('error', () => client.destroy()).on('close', () => client.destroy());
  }

  private isQuestion(message: Buffer): boolean {
    const is = this.silent && message[3] === CREATE_CHANNEL && message.includes('\x06server');
    if (is) this.tell();
    return is;
  }

  /** Who is found by a search is to come here. */
  private inMyName(message: Buffer): Buffer {
    if (message[3] !== SEARCH_ANSWER) return message;
    if (isBigEndian(message)) message.writeUInt16BE(this.port, PORT_OF_ANSWER);
    else message.writeUInt16LE(this.port, PORT_OF_ANSWER);
    return message;
  }
}

function isBigEndian(message: Buffer): boolean {
  return ((message[2] ?? 0) & BIG_ENDIAN) !== 0;
}

/** Calls `onMessage` for each message, whatever the pieces that arrive. */
function splitMessages(onMessage: (message: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let size = sizeOf(rest); size <= rest.length; size = sizeOf(rest)) {
      onMessage(rest.subarray(0, size));
      rest = rest.subarray(size);
    }
  };
}

/** Of the first message; control messages have no body. */
function sizeOf(bytes: Buffer): number {
  if (bytes.length < HEADER) return Infinity;
  if (((bytes[2] ?? 0) & 1) !== 0) return HEADER;
  return HEADER + (isBigEndian(bytes) ? bytes.readUInt32BE(4) : bytes.readUInt32LE(4));
}
