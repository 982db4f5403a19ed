/** The face of the addon's encryption. See native/sealed/sealing.h. */
import type { NativeValue } from './native-value.js';

export interface NativeSealer {
  seal(value: NativeValue, nonce: Uint8Array, associated: Uint8Array, target: NativeValue, field: string): number;
}

export interface NativeOpener {
  open(source: NativeValue, field: string, nonce: Uint8Array, associated: Uint8Array): NativeValue | undefined;
}

export type NativeSealerClass = new (cipher: string, key: Uint8Array) => NativeSealer;
export type NativeOpenerClass = new (cipher: string, key: Uint8Array) => NativeOpener;
