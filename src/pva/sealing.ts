import { native, type NativeOpener, type NativeSealer } from './native.js';
import { wrapValue } from './normative/index.js';
import type { PvObject } from './pv-object.js';

export const CIPHERS = ['aes-256-gcm', 'chacha20-poly1305'] as const;
/** A cipher that encrypts and authenticates. Both take keys of 32 bytes and nonces of 12, and add a tag of 16. */
export type Cipher = (typeof CIPHERS)[number];

/** Encrypts values under one key. That no nonce is used twice is for its user to see to. */
export class Sealer {
  readonly #native: NativeSealer;

  constructor(cipher: Cipher, key: Uint8Array) {
    this.#native = new native.Sealer(cipher, key);
  }

  /**
   * Encrypts a value with its type, as it is at this moment, into the field `field` of `target`, a `ubyte[]`. Large arrays
   * are read where they are, and written once.
   *
   * @param associated what is authenticated besides
   * @returns the length of what was written, the tag included
   */
  seal(value: PvObject, nonce: Uint8Array, associated: Uint8Array, target: PvObject, field: string): number {
    return this.#native.seal(value.native, nonce, associated, target.native, field);
  }
}

/** Decrypts what a Sealer with the same key encrypted. */
export class Opener {
  readonly #native: NativeOpener;

  constructor(cipher: Cipher, key: Uint8Array) {
    this.#native = new native.Opener(cipher, key);
  }

  /**
   * The value that was encrypted into a field; undefined when key, nonce, associated data or contents are not those.
   *
   * @throws {PvaflowError} PVAFLOW_CONTENT when somebody who has the key encrypted what is no value
   */
  open(source: PvObject, field: string, nonce: Uint8Array, associated: Uint8Array): PvObject | undefined {
    const value = this.#native.open(source.native, field, nonce, associated);
    return value === undefined ? undefined : wrapValue(value);
  }
}
