/** Names of `alarm_t.severity` by number, as EPICS prints them. */
export const ALARM_SEVERITIES = ['NO_ALARM', 'MINOR', 'MAJOR', 'INVALID', 'UNDEFINED'] as const;
/** Names of `alarm_t.status` by number. */
export const ALARM_STATUSES = ['NONE', 'DEVICE', 'DRIVER', 'RECORD', 'DB', 'CONF', 'UNDEFINED', 'CLIENT'] as const;

/** An `alarm_t`. Immutable. */
export class PvAlarm {
  constructor(
    readonly severity: number,
    readonly status: number,
    readonly message: string,
  ) {}

  /** `NO_ALARM`, `MINOR` …; the number as text if it has no name. */
  get severityName(): string {
    return ALARM_SEVERITIES[this.severity] ?? String(this.severity);
  }

  get statusName(): string {
    return ALARM_STATUSES[this.status] ?? String(this.status);
  }

  get isRaised(): boolean {
    return this.severity !== 0;
  }

  /** `MAJOR DEVICE too hot`; `NO_ALARM` when there is none. */
  toString(): string {
    if (!this.isRaised) return 'NO_ALARM';
    return [this.severityName, this.statusName, this.message].filter((part) => part !== '').join(' ');
  }
}
