export { PvaflowError, type ErrorCode } from './core/errors.js';
export { ALARM_SEVERITIES, ALARM_STATUSES, PvAlarm } from './pva/alarm.js';
export { PvObject } from './pva/pv-object.js';
export {
  PvType,
  structure,
  structureArray,
  union,
  unionArray,
  type CompoundType,
  type TypeFields,
  type TypeSpec,
} from './pva/pv-type.js';
export { PvTimeStamp } from './pva/time-stamp.js';
export { configureTransport, transportSettings, type TransportSettings } from './pva/transport.js';
