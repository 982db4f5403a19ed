import { UserDataProcessor, type PvObject } from 'pvaflow';

/** Publishes every object as it came, of any type. For mirrors, splitters and measurements. */
export class PassThrough extends UserDataProcessor {
  override process(object: PvObject) {
    return super.process(object);
  }
}
