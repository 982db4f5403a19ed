import type { PvObject } from '../../pva/pv-object.js';

/** How an input is, in the words of EPICS (`alarm_t`): severity 3, INVALID, when nothing can come. */
export interface InputAlarm {
  readonly severity: number;
  readonly status: number;
  readonly message: string;
}

const INVALID = 3;
/** The status of an alarm that a client has found out about. */
const CLIENT = 7;

export const noAlarm: InputAlarm = { severity: 0, status: 0, message: '' };

/** The alarm of a channel whose server is not there. */
export function notConnected(channel: string): InputAlarm {
  return { severity: INVALID, status: CLIENT, message: `${channel} is not connected` };
}

/** The alarm of an object, if it is that of a source that is not there, or not to be trusted; else undefined. */
export function invalidAlarmOf(object: PvObject): InputAlarm | undefined {
  if (!object.has('alarm.severity') || object.get('alarm.severity') !== INVALID) return undefined;
  const { severity, status, message } = object.get<InputAlarm>('alarm');
  return { severity, status, message };
}

/** Whether an update brings nothing but an alarm. */
export function bringsAlarmAlone(object: PvObject): boolean {
  if (!object.has('alarm.severity') || !object.isChanged('alarm')) return false;
  return object.changedFields().every((path) => path === 'alarm' || path.startsWith('alarm.'));
}
