import { NtNdArray, type PvObject } from 'pvaflow';
import { DataEncryptor } from './data-encryptor.js';

/** As DataEncryptor, for images alone: what is no NTNDArray is not encrypted and not published. */
export class AdImageDataEncryptor extends DataEncryptor {
  override process(object: PvObject) {
    if (!(object instanceof NtNdArray)) throw new TypeError('expected an NTNDArray');
    return super.process(object);
  }

  override getInputPvObjectType() {
    return NtNdArray.type();
  }
}
