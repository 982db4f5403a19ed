import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const HEADER = 8;
const CONTROL = 0x01;
const BIG_ENDIAN = 0x80;
const SEARCH_ANSWER = 4;
const PORT_OF_ANSWER = HEADER + 12 + 4 + 16; // after the guid, the number of the search and the address

/** What becomes of a message on its way: the messages to send instead of it. */
export type Alter = (message: Buffer) => readonly Buffer[];

export interface Alterations {
  readonly fromClient?: Alter;
  readonly fromServer?: Alter;
}

/** Stands between clients and one server, and sees each message whole: for what no real server does. */
export class Relay implements Disposable {
  readonly #listener: Server;
  readonly #sockets: Socket[] = [];
  readonly #target: number;
  readonly #alter: Alterations;

  private constructor(listener: Server, target: number, alter: Alterations) {
    this.#listener = listener;
    this.#target = target;
    this.#alter = alter;
    listener.on('connection', (socket) => this.#relay(socket));
  }

  static async before(port: number, alter: Alterations): Promise<Relay> {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new Relay(listener, port, alter);
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  /** Ends its connections, as a restart does. */
  cut(): void {
    for (const socket of this.#sockets.splice(0)) socket.destroy();
  }

  /** The process may end. */
  unref(): void {
    this.#listener.unref();
    for (const socket of this.#sockets) socket.unref();
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    this.cut();
  }

  #relay(client: Socket): void {
    const server = connect(this.#target, '127.0.0.1');
    this.#sockets.push(client, server);
    const { fromClient = asItIs, fromServer = asItIs } = this.#alter;
    const pass = (to: Socket, alter: Alter) =>
      splitMessages((message) => alter(message).forEach((one) => to.write(one)));
    client.on('data', pass(server, fromClient));
    server.on(
      'data',
      pass(client, (message) => fromServer(this.#inMyName(message))),
    );
    client.on('error', () => server.destroy()).on('close', () => server.destroy());
    server.on('error', () => client.destroy()).on('close', () => client.destroy());
  }

  /** Who is found by a search is to come here. */
  #inMyName(message: Buffer): Buffer {
    if (message[3] !== SEARCH_ANSWER) return message;
    if (isBigEndian(message)) message.writeUInt16BE(this.port, PORT_OF_ANSWER);
    else message.writeUInt16LE(this.port, PORT_OF_ANSWER);
    return message;
  }
}

const asItIs: Alter = (message) => [message];

/** Whether it has no body. */
export function isControl(message: Buffer): boolean {
  return ((message[2] ?? 0) & CONTROL) !== 0;
}

export function isBigEndian(message: Buffer): boolean {
  return ((message[2] ?? 0) & BIG_ENDIAN) !== 0;
}

/** A message as several, each with at most `size` bytes of its body, and a control message between them. */
export function segmented(message: Buffer, size: number): Buffer[] {
  const body = message.subarray(HEADER);
  if (isControl(message) || body.length <= size) return [message];
  const segments: Buffer[] = [];
  for (let at = 0; at < body.length; at += size) {
    const part = body.subarray(at, at + size);
    const kind = at === 0 ? 0x10 : at + size >= body.length ? 0x20 : 0x30;
    const header = Buffer.from(message.subarray(0, HEADER));
    header[2] = (header[2] as number) | kind;
    if (isBigEndian(message)) header.writeUInt32BE(part.length, 4);
    else header.writeUInt32LE(part.length, 4);
    segments.push(header, part, Buffer.from([0xca, 2, 0x41, 0, 1, 2, 3, 4]));
  }
  return segments;
}

/** Calls `onMessage` for each message, whatever the pieces that arrive. */
function splitMessages(onMessage: (message: Buffer) => void): (chunk: Buffer) => void {
  let rest = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    for (let size = sizeOf(rest); size <= rest.length; size = sizeOf(rest)) {
      onMessage(Buffer.from(rest.subarray(0, size)));
      rest = rest.subarray(size);
    }
  };
}

/** Of the first message; control messages have no body. */
function sizeOf(bytes: Buffer): number {
  if (bytes.length < HEADER) return Infinity;
  if (isControl(bytes)) return HEADER;
  return HEADER + (isBigEndian(bytes) ? bytes.readUInt32BE(4) : bytes.readUInt32LE(4));
}
