import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { messageOf, PvaflowError } from '../../core/errors.js';

const LEAST_BITS = 2048;
const PEM_BLOCK = /-----BEGIN ([A-Z ]+)-----[\s\S]*?-----END \1-----/g;

/** An RSA key with the name by which records know it. */
export interface RsaKey {
  readonly key: KeyObject;
  /** SHA-256 of the public key in DER, as SubjectPublicKeyInfo. */
  readonly fingerprint: Buffer;
}

export type KeyKind = 'private' | 'public';

/**
 * The RSA keys in the text of a PEM file, one or several; of private keys, where public ones are wanted, the public half.
 *
 * @throws {PvaflowError} PVAFLOW_KEY naming the file and what is wrong; never with a part of it
 */
export function rsaKeysOf(text: string, kind: KeyKind, file: string): RsaKey[] {
  const blocks = text.match(PEM_BLOCK) ?? [];
  if (blocks.length === 0) throw keyError(file, `expected a ${kind} RSA key in PEM, found none`);
  return blocks.map((block) => {
    const key = parsed(block, kind, file);
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (key.asymmetricKeyType !== 'rsa') throw keyError(file, `expected an RSA key, found ${key.asymmetricKeyType}`);
    if (bits < LEAST_BITS) throw keyError(file, `the key has ${bits} bits; at least ${LEAST_BITS} are needed`);
    return rsaKey(key);
  });
}

/** The public half of a private key. */
export function publicHalf({ key, fingerprint }: RsaKey): RsaKey {
  return { key: createPublicKey(key), fingerprint };
}

function rsaKey(key: KeyObject): RsaKey {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return {
    key,
    fingerprint: createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest(),
  };
}

function parsed(block: string, kind: KeyKind, file: string): KeyObject {
  const isPrivate = /^-----BEGIN [A-Z ]*PRIVATE KEY/.test(block);
  if (kind === 'private' && !isPrivate) throw keyError(file, 'expected a private RSA key, found a public one');
  if (block.includes('ENCRYPTED')) throw keyError(file, 'it is protected by a passphrase, which nobody could enter');
  try {
    return kind === 'private' ? createPrivateKey(block) : createPublicKey(block);
  } catch (error) {
    throw keyError(file, `it cannot be read as a ${kind} key (${messageOf(error)})`);
  }
}

function keyError(file: string, what: string): PvaflowError {
  return new PvaflowError('PVAFLOW_KEY', `key file ${file}: ${what}`);
}
