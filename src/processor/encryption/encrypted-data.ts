/** The record that carries an encrypted object; see docs/reference/encryption-format.md. */
import { CIPHERS, type Cipher } from '../../pva/sealing.js';
import type { PvObject } from '../../pva/pv-object.js';
import { PvType, structure, type TypeSpec } from '../../pva/pv-type.js';
import { RefusedError } from './refused-error.js';

const TYPE_ID = 'pvaflow:EncryptedData:1.0';
/** Integers that ids are; others become longs. */
const ID_TYPES: readonly (string | undefined)[] = [
  ...['byte', 'ubyte', 'short', 'ushort', 'int', 'uint', 'long', 'ulong'],
];

const MAGIC = Buffer.from('PVFE');
const VERSION = 1;
/** What is the same for all records of one key. */
const KEY_HEADER_SIZE = 80;
const HEADER_SIZE = 88;
/** Where the id stands in the associated data: after the header; the key and the signature follow. */
const ID_SIZE = 8;
const KEY_PLACE = HEADER_SIZE + ID_SIZE;
/** Of an RSA key of 16384 bits. */
const MOST_KEY_BYTES = 2048;
const NONCE_SIZE = 12;

/** What a header says of the key. */
export interface KeyHeader {
  readonly cipher: Cipher;
  /** 16 bytes, drawn anew when an encryptor starts. */
  readonly stream: Buffer;
  /** Milliseconds since 1970, as the next. */
  readonly startedAt: number;
  readonly keyMadeAt: number;
  /** 1 for the first key of the stream. */
  readonly keyNumber: number;
  readonly keyLength: number;
  readonly signatureLength: number;
  /** SHA-256 of the public key (DER, SubjectPublicKeyInfo) that the key is wrapped for. */
  readonly recipient: Buffer;
}

/** The bytes of a key header. */
export function writeKeyHeader(header: KeyHeader): Buffer {
  const bytes = Buffer.alloc(KEY_HEADER_SIZE);
  MAGIC.copy(bytes, 0);
  bytes.writeUInt8(VERSION, 4);
  bytes.writeUInt8(CIPHERS.indexOf(header.cipher) + 1, 5);
  header.stream.copy(bytes, 8);
  bytes.writeBigUInt64LE(BigInt(header.startedAt), 24);
  bytes.writeBigUInt64LE(BigInt(header.keyMadeAt), 32);
  bytes.writeUInt32LE(header.keyNumber, 40);
  bytes.writeUInt16LE(header.keyLength, 44);
  bytes.writeUInt16LE(header.signatureLength, 46);
  header.recipient.copy(bytes, 48);
  return bytes;
}

/** @throws {RefusedError} of reason `format` */
export function readKeyHeader(bytes: Buffer): KeyHeader {
  const cipher = CIPHERS[bytes.readUInt8(5) - 1];
  if (!bytes.subarray(0, 4).equals(MAGIC)) throw new RefusedError('format', 'the header does not begin with PVFE');
  if (bytes.readUInt8(4) !== VERSION)
    throw new RefusedError('format', `expected version ${VERSION} of the format, found ${bytes.readUInt8(4)}`);
  if (cipher === undefined) throw new RefusedError('format', `cipher ${bytes.readUInt8(5)} is unknown`);
  if (bytes.readUInt16LE(6) !== 0) throw new RefusedError('format', 'what is reserved in the header is not 0');
  return {
    cipher,
    stream: bytes.subarray(8, 24),
    startedAt: Number(bytes.readBigUInt64LE(24)),
    keyMadeAt: Number(bytes.readBigUInt64LE(32)),
    keyNumber: bytes.readUInt32LE(40),
    keyLength: bytes.readUInt16LE(44),
    signatureLength: bytes.readUInt16LE(46),
    recipient: bytes.subarray(48, KEY_HEADER_SIZE),
  };
}

/**
 * What a record says in clear, as the data that is authenticated with it: the header, the id as 64 bits, the wrapped key, the
 * signature.
 */
export class Envelope {
  /** Counter of the record, at the end of the header; first four bytes of zero. */
  readonly nonce = Buffer.alloc(NONCE_SIZE);

  constructor(readonly associated: Buffer) {}

  /** For records of one key, of which id and counter are still to be set. */
  static of(keyHeader: Buffer, key: Buffer, signature: Buffer): Envelope {
    const rest = Buffer.alloc(KEY_PLACE - KEY_HEADER_SIZE);
    return new Envelope(Buffer.concat([keyHeader, rest, key, signature]));
  }

  /** @throws {RefusedError} of reason `format` */
  static read(record: PvObject): Envelope {
    const [header, key, signature] = [bytesOf(record, 'header'), bytesOf(record, 'key'), bytesOf(record, 'signature')];
    const expected = `expected a header of ${HEADER_SIZE} bytes, found ${header.length}`;
    if (header.length !== HEADER_SIZE) throw new RefusedError('format', expected);
    if (key.length > MOST_KEY_BYTES || signature.length > MOST_KEY_BYTES)
      throw new RefusedError('format', 'the key or the signature is too long');
    const envelope = new Envelope(Buffer.concat([header, Buffer.alloc(ID_SIZE), key, signature]));
    if (header.readUInt16LE(44) !== key.length || header.readUInt16LE(46) !== signature.length)
      throw new RefusedError('format', 'the key or the signature is not as long as the header says');
    envelope.#setId(idOf(record));
    envelope.nonce.set(header.subarray(KEY_HEADER_SIZE), NONCE_SIZE - 8);
    return envelope;
  }

  get keyHeader(): Buffer {
    return this.associated.subarray(0, KEY_HEADER_SIZE);
  }

  get header(): Buffer {
    return this.associated.subarray(0, HEADER_SIZE);
  }

  get keyAndSignature(): Buffer {
    return this.associated.subarray(KEY_PLACE);
  }

  /** Undefined if it is more than a number can be. */
  get counter(): number | undefined {
    const counter = this.associated.readBigUInt64LE(KEY_HEADER_SIZE);
    return counter <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(counter) : undefined;
  }

  set(id: bigint, counter: number): void {
    this.associated.writeBigUInt64LE(BigInt(counter), KEY_HEADER_SIZE);
    this.nonce.writeBigUInt64LE(BigInt(counter), NONCE_SIZE - 8);
    this.#setId(id);
  }

  /** Whether both belong to the same key, wrapped and signed in the same way. */
  hasKeyOf(other: Envelope): boolean {
    return this.keyHeader.equals(other.keyHeader) && this.keyAndSignature.equals(other.keyAndSignature);
  }

  #setId(id: bigint): void {
    this.associated.writeBigUInt64LE(BigInt.asUintN(64, id), HEADER_SIZE);
  }
}

const recordTypes = new Map<string, PvType>();

/** The type of records whose ids are like those of a field of `typeName`. */
export function recordType(typeName: string | undefined): PvType {
  const idType = typeName !== undefined && ID_TYPES.includes(typeName) ? typeName : 'long';
  let type = recordTypes.get(idType);
  if (type === undefined) {
    const fields = { data: 'ubyte[]', key: 'ubyte[]', signature: 'ubyte[]', header: 'ubyte[]' } as const;
    type = new PvType(structure({ objectId: idType as TypeSpec, ...fields }, TYPE_ID));
    recordTypes.set(idType, type);
  }
  return type;
}

/** A channel of records begins with one that has nothing in it. */
export function isEmptyRecord(record: PvObject): boolean {
  return record.typeId === TYPE_ID && bytesOf(record, 'header').length === 0 && bytesOf(record, 'key').length === 0;
}

function bytesOf(record: PvObject, field: string): Buffer {
  const bytes: unknown = record.has(field) ? record.get(field) : undefined;
  if (!(bytes instanceof Uint8Array))
    throw new RefusedError('format', `expected ${TYPE_ID}, found no ubyte[] ${field}. Is the channel encrypted?`);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function idOf(record: PvObject): bigint {
  const typeName = record.has('objectId') ? record.typeName('objectId') : undefined;
  if (!ID_TYPES.includes(typeName)) throw new RefusedError('format', 'there is no objectId');
  return BigInt(record.get<number | bigint>('objectId'));
}
