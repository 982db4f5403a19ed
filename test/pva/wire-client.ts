import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Commands of pvAccess messages. Source: https://docs.epics-controls.org/en/latest/pv-access/Protocol-Messages.html */
export const Command = { validation: 1, echo: 2, createChannel: 7, validated: 9, monitor: 13 } as const;

export interface Message {
  readonly command: number;
  readonly bigEndian: boolean;
  readonly body: Buffer;
}

const HEADER = 8;
const CONTROL = 0x01;
const BIG_ENDIAN = 0x80;

/** A pvAccess client that shows the bytes: for what must be right on the wire. It sends little-endian. */
export class WireClient implements Disposable {
  private readonly waiters: (() => void)[] = [];
  private readonly chunks: Buffer[] = [];
  private buffered = 0;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => {
      this.chunks.push(chunk);
      this.buffered += chunk.length;
      for (const waiter of this.waiters.splice(0)) waiter();
    });
  }

  /** Connects and goes through the handshake; asks the server to send big-endian if wanted. */
  static async open(port: number, bigEndian = false): Promise<WireClient> {
    const socket = connect(port, '127.0.0.1').setNoDelay();
    await once(socket, 'connect');
    const client = new WireClient(socket);
    await client.until(Command.validation);
    if (bigEndian) await client.write(Buffer.from([0xca, 2, CONTROL | BIG_ENDIAN, 2, 0, 0, 0, 0]));
    await client.send(Command.validation, Buffer.from([0, 0, 1, 0, 0xff, 0x7f, 0, 0, ...text('anonymous'), 0xff]));
    await client.until(Command.validated);
    return client;
  }

  /** Subscribes to all fields of a channel; updates follow as messages. */
  async monitor(channel: string): Promise<void> {
    await this.send(Command.createChannel, Buffer.from([1, 0, 7, 0, 0, 0, ...text(channel)]));
    const { body, bigEndian } = await this.until(Command.createChannel);
    const sid = bigEndian ? body.readUInt32BE(4) : body.readUInt32LE(4);
    const ids = Buffer.alloc(8);
    ids.writeUInt32LE(sid);
    ids.writeUInt32LE(9, 4);
    const everything = [0x80, 0, 0]; // the type of an empty structure without id
    await this.send(Command.monitor, Buffer.from([...ids, 0x08, ...everything]));
    await this.until(Command.monitor);
    await this.send(Command.monitor, Buffer.from([...ids, 0x44]));
  }

  /** The next message of a command; others are passed over. */
  async until(command: number): Promise<Message> {
    for (;;) {
      const message = await this.next();
      if (message.command === command) return message;
    }
  }

  async send(command: number, body: Buffer): Promise<void> {
    await this.write(Buffer.concat([headerOf(command, body.length), body]));
  }

  /** Resolves when the bytes are with the system. */
  async write(bytes: Buffer): Promise<void> {
    await new Promise<void>((resolve) => this.socket.write(bytes, () => resolve()));
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  private async next(): Promise<Message> {
    for (;;) {
      const header = await this.read(HEADER);
      const flags = header.readUInt8(2);
      if (flags & CONTROL) continue;
      const bigEndian = (flags & BIG_ENDIAN) !== 0;
      const length = bigEndian ? header.readUInt32BE(4) : header.readUInt32LE(4);
      return { command: header.readUInt8(3), bigEndian, body: await this.read(length) };
    }
  }

  private async read(length: number): Promise<Buffer> {
    while (this.buffered < length) await new Promise<void>((resolve) => this.waiters.push(resolve));
    const all = this.chunks.length === 1 ? (this.chunks[0] as Buffer) : Buffer.concat(this.chunks);
    this.chunks.splice(0, Infinity, all.subarray(length));
    this.buffered -= length;
    return all.subarray(0, length);
  }
}

/** The header of a message from a client. */
export function headerOf(command: number, length: number): Buffer {
  const header = Buffer.from([0xca, 2, 0, command, 0, 0, 0, 0]);
  header.writeUInt32LE(length, 4);
  return header;
}

function text(value: string): number[] {
  return [value.length, ...Buffer.from(value)];
}
