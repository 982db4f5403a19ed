import { constants, publicEncrypt, sign } from 'node:crypto';
import type { PvObject } from '../../pva/pv-object.js';
import { Sealer } from '../../pva/sealing.js';
import { Envelope, writeKeyHeader, type KeyHeader } from './encrypted-data.js';
import type { RsaKey } from './rsa-keys.js';

/** What is signed: this, the key header and the wrapped key. */
export const SIGNED = Buffer.from('pvaflow encryption key 1\0');
export const SALT_LENGTH = 32;

/** Until when a key is used for further records. */
export interface KeyLimits {
  readonly frames: number;
  readonly bytes: number;
  readonly seconds: number;
}

export interface SessionKeyOptions {
  /** 32 bytes; wiped. */
  readonly secret: Buffer;
  readonly header: Omit<KeyHeader, 'keyLength' | 'signatureLength' | 'recipient'>;
  readonly recipient: RsaKey;
  /** Absent: records are not signed. */
  readonly signer: RsaKey | undefined;
}

/** A key for the records of some time, wrapped for the recipient and signed. */
export class SessionKey {
  readonly #envelope: Envelope;
  readonly #sealer: Sealer;
  readonly #madeAt: number;
  #frames = 0;
  #bytes = 0;
  #lastCounter = 0;

  constructor({ secret, header, recipient, signer }: SessionKeyOptions) {
    const lengths = { keyLength: bytesOf(recipient), signatureLength: signer === undefined ? 0 : bytesOf(signer) };
    const keyHeader = writeKeyHeader({ ...header, ...lengths, recipient: recipient.fingerprint });
    const key = wrapped(secret, keyHeader, recipient);
    const signature = signer === undefined ? Buffer.alloc(0) : signed(Buffer.concat([SIGNED, keyHeader, key]), signer);
    this.#envelope = Envelope.of(keyHeader, key, signature);
    this.#sealer = new Sealer(header.cipher, secret);
    this.#madeAt = header.keyMadeAt;
    this.#fields = { key, signature };
    secret.fill(0);
  }

  /** What is the same in each record. */
  readonly #fields: { readonly key: Buffer; readonly signature: Buffer };

  isUsedUp({ frames, bytes, seconds }: KeyLimits, now: number): boolean {
    return this.#frames >= frames || this.#bytes >= bytes || Math.abs(now - this.#madeAt) >= seconds * 1000;
  }

  /**
   * Encrypts an object into a record.
   *
   * @param counter greater than that of the record before
   */
  seal(object: PvObject, id: bigint, counter: number, record: PvObject): void {
    if (!(counter > this.#lastCounter)) throw new RangeError('a counter must not be used twice');
    this.#lastCounter = counter;
    const envelope = this.#envelope;
    envelope.set(id, counter);
    this.#bytes += this.#sealer.seal(object, envelope.nonce, envelope.associated, record, 'data');
    this.#frames += 1;
    record.set('', { ...this.#fields, header: envelope.header });
  }
}

function bytesOf({ key }: RsaKey): number {
  return Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
}

function wrapped(secret: Buffer, oaepLabel: Buffer, { key }: RsaKey): Buffer {
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256', oaepLabel }, secret);
}

function signed(bytes: Buffer, { key }: RsaKey): Buffer {
  return sign('sha256', bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: SALT_LENGTH });
}
