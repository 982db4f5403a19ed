import { constants, privateDecrypt, verify } from 'node:crypto';
import { PvaflowError } from '../../core/errors.js';
import type { PvObject } from '../../pva/pv-object.js';
import { Opener } from '../../pva/sealing.js';
import { readKeyHeader, type Envelope, type KeyHeader } from './encrypted-data.js';
import { RefusedError } from './refused-error.js';
import type { RsaKey } from './rsa-keys.js';
import { SALT_LENGTH, SIGNED } from './session-key.js';

const KEY_SIZE = 32;

export interface OpeningKeys {
  readonly own: readonly RsaKey[];
  /** Absent: whether and by whom a key is signed does not matter. */
  readonly signers: readonly RsaKey[] | undefined;
}

/** A key that came with a record, unwrapped. */
export class OpenedKey {
  readonly #opener: Opener;

  /**
   * @param envelope of the first record with this key
   * @throws {RefusedError} of reason `format`, `key` or `signature`
   */
  constructor(
    readonly envelope: Envelope,
    keys: OpeningKeys,
  ) {
    this.header = readKeyHeader(envelope.keyHeader);
    const { recipient, keyLength, cipher } = this.header;
    const own = keys.own.find(({ fingerprint }) => fingerprint.equals(recipient));
    if (own === undefined) throw new RefusedError('key', `it is for another key, ${named(recipient)}`);
    const wrapped = envelope.keyAndSignature.subarray(0, keyLength);
    const signature = envelope.keyAndSignature.subarray(keyLength);
    if (keys.signers !== undefined) mustBeSigned(envelope.keyHeader, wrapped, signature, keys.signers);
    const secret = unwrapped(wrapped, envelope.keyHeader, own);
    this.#opener = new Opener(cipher, secret);
    secret.fill(0);
  }

  readonly header: KeyHeader;

  /** @throws {RefusedError} of reason `tampered` or `content` */
  open(record: PvObject, { nonce, associated }: Envelope): PvObject {
    let object: PvObject | undefined;
    try {
      object = this.#opener.open(record, 'data', nonce, associated);
    } catch (error) {
      if (error instanceof PvaflowError && error.code === 'PVAFLOW_CONTENT')
        throw new RefusedError('content', 'what was encrypted is no pvAccess value');
      throw error;
    }
    if (object === undefined) throw new RefusedError('tampered', 'it is not as it was encrypted');
    return object;
  }
}

/** The beginning of a fingerprint, for people. */
function named(fingerprint: Buffer): string {
  return `SHA-256 ${fingerprint.toString('hex', 0, 8)}…`;
}

function mustBeSigned(keyHeader: Buffer, wrapped: Buffer, signature: Buffer, signers: readonly RsaKey[]): void {
  if (signature.length === 0) throw new RefusedError('signature', 'it is not signed');
  const bytes = Buffer.concat([SIGNED, keyHeader, wrapped]);
  const isBy = ({ key }: RsaKey) =>
    verify('sha256', bytes, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: SALT_LENGTH }, signature);
  if (!signers.some(isBy)) throw new RefusedError('signature', 'it is signed by none of the known signers');
}

function unwrapped(wrapped: Buffer, oaepLabel: Buffer, { key }: RsaKey): Buffer {
  let secret: Buffer | undefined;
  try {
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    secret = privateDecrypt({ key, padding, oaepHash: 'sha256', oaepLabel }, wrapped);
  } catch {
    // what OpenSSL says of it is for nobody
  }
  if (secret?.length !== KEY_SIZE) throw new RefusedError('key', 'its key cannot be unwrapped');
  return secret;
}
