import { UserDataProcessor as Base, type PvObject } from 'pvaflow';

/** Publishes every object as it came: the base of all processors, run by itself as pvaPy's users do. */
export class UserDataProcessor extends Base {
  override process(object: PvObject) {
    return super.process(object);
  }
}
