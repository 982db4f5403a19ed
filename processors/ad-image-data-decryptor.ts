import { NtNdArray, type PvObject } from 'pvaflow';
import { DataDecryptor } from './data-decryptor.js';

/** As DataDecryptor, for images alone: what is no NTNDArray is refused. */
export class AdImageDataDecryptor extends DataDecryptor {
  protected override accepts(object: PvObject) {
    return object instanceof NtNdArray;
  }

  /** An empty image: clients can connect before the first one is decrypted. */
  override getOutputPvObjectType() {
    return new NtNdArray();
  }
}
