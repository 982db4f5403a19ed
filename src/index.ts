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
export { NtEnum } from './pva/normative/nt-enum.js';
export { NtNameValue } from './pva/normative/nt-name-value.js';
export { NtScalarArray, type NumericArray, type ScalarArray } from './pva/normative/nt-scalar-array.js';
export { NtScalar, type Scalar } from './pva/normative/nt-scalar.js';
export { NtTable } from './pva/normative/nt-table.js';
export { NtUri } from './pva/normative/nt-uri.js';
export type { FromOptions, OptionalFields } from './pva/normative/standard-fields.js';
export { formatShort, formatStructure, type FormatOptions } from './pva/format.js';
