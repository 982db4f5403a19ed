/**
 * The fields that normative types share, as in https://github.com/epics-base/normativeTypesCPP/wiki/Normative-Types-Specification
 * and, for display, as EPICS 7 servers send them (with `precision` and `form`, limits in the type of the value).
 */
import type { NativeScalarCode } from '../native.js';
import { structure, type CompoundType, type TypeFields } from '../pv-type.js';
import { PvTimeStamp } from '../time-stamp.js';

const timeType: CompoundType = structure({ secondsPastEpoch: 'long', nanoseconds: 'int', userTag: 'int' }, 'time_t');

export const alarmType: CompoundType = structure({ severity: 'int', status: 'int', message: 'string' }, 'alarm_t');

export const enumType: CompoundType = structure({ index: 'int', choices: 'string[]' }, 'enum_t');

/** Which optional fields a normative type is to have. alarm and timeStamp are there unless they are set to false. */
export interface OptionalFields {
  readonly descriptor?: boolean;
  readonly alarm?: boolean;
  readonly timeStamp?: boolean;
  readonly display?: boolean;
  readonly control?: boolean;
  readonly valueAlarm?: boolean;
  /** More fields, behind all others. */
  readonly extra?: TypeFields;
}

const isNumeric = (type: NativeScalarCode) => type !== 'string' && type !== 'boolean';

function displayType(of: NativeScalarCode): CompoundType {
  const text = { description: 'string', units: 'string' } as const;
  if (!isNumeric(of)) return structure(text, 'display_t');
  return structure({ limitLow: of, limitHigh: of, ...text, precision: 'int', form: enumType }, 'display_t');
}

function controlType(of: NativeScalarCode): CompoundType {
  return structure({ limitLow: of, limitHigh: of, minStep: of }, 'control_t');
}

function valueAlarmType(of: NativeScalarCode): CompoundType {
  return structure(
    {
      active: 'boolean',
      lowAlarmLimit: of,
      lowWarningLimit: of,
      highWarningLimit: of,
      highAlarmLimit: of,
      lowAlarmSeverity: 'int',
      lowWarningSeverity: 'int',
      highWarningSeverity: 'int',
      highAlarmSeverity: 'int',
      hysteresis: 'double',
    },
    'valueAlarm_t',
  );
}

/** The optional fields that are wanted, in the order of the specification. Limits need a numeric `valueType`. */
export function optionalFields(wanted: OptionalFields, valueType: NativeScalarCode = 'string'): TypeFields {
  const numeric = isNumeric(valueType);
  return {
    ...(wanted.descriptor && { descriptor: 'string' as const }),
    ...(wanted.alarm !== false && { alarm: alarmType }),
    ...(wanted.timeStamp !== false && { timeStamp: timeType }),
    ...(wanted.display && { display: displayType(valueType) }),
    ...(wanted.control && numeric && { control: controlType(valueType) }),
    ...(wanted.valueAlarm && numeric && { valueAlarm: valueAlarmType(valueType) }),
    ...wanted.extra,
  };
}

/** Options of the from() helpers. */
export interface FromOptions extends OptionalFields {
  /** Now, if not given. */
  readonly at?: PvTimeStamp;
}

/** The time stamp for a value made with from(), if it has one. */
export function stampFields({ timeStamp, at }: FromOptions): { timeStamp?: ReturnType<PvTimeStamp['toFields']> } {
  return timeStamp === false ? {} : { timeStamp: (at ?? PvTimeStamp.now()).toFields() };
}
