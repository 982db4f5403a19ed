import { wallClock } from '../core/wall-clock.js';

const NANOSECONDS_PER_SECOND = 1_000_000_000;
const NANOSECONDS_PER_MILLISECOND = 1_000_000;

/** A `time_t`: seconds since 1970-01-01 UTC, nanoseconds of that second, and a tag that is the user's. Immutable. */
export class PvTimeStamp {
  constructor(
    readonly secondsPastEpoch: bigint,
    readonly nanoseconds: number,
    readonly userTag = 0,
  ) {}

  /** From a Date, or milliseconds since 1970 with any fraction. */
  static fromDate(date: Date | number): PvTimeStamp {
    const milliseconds = Number(date);
    const seconds = Math.floor(milliseconds / 1000);
    const rest = milliseconds - seconds * 1000;
    return PvTimeStamp.fromParts(seconds, Math.round(rest * NANOSECONDS_PER_MILLISECOND));
  }

  /** From seconds since 1970 as a number, as pvaPy's `objectTime` fields carry it: precise to about a microsecond. */
  static fromSeconds(seconds: number): PvTimeStamp {
    const whole = Math.floor(seconds);
    return PvTimeStamp.fromParts(whole, Math.round((seconds - whole) * NANOSECONDS_PER_SECOND));
  }

  /** The system's clock, with the resolution that it has (a microsecond or better on Linux). */
  static now(): PvTimeStamp {
    return PvTimeStamp.fromDate(wallClock());
  }

  private static fromParts(seconds: number, nanoseconds: number): PvTimeStamp {
    const carry = nanoseconds === NANOSECONDS_PER_SECOND ? 1 : 0;
    return new PvTimeStamp(BigInt(seconds + carry), carry ? 0 : nanoseconds);
  }

  /** Seconds since 1970 as one number. */
  get seconds(): number {
    return Number(this.secondsPastEpoch) + this.nanoseconds / NANOSECONDS_PER_SECOND;
  }

  /** Nanoseconds since 1970, exact. */
  get epochNanoseconds(): bigint {
    return this.secondsPastEpoch * BigInt(NANOSECONDS_PER_SECOND) + BigInt(this.nanoseconds);
  }

  /** Rounded down to a millisecond. An invalid Date outside the years that a Date can hold. */
  toDate(): Date {
    return new Date(Number(this.secondsPastEpoch) * 1000 + Math.floor(this.nanoseconds / NANOSECONDS_PER_MILLISECOND));
  }

  /** Negative, zero or positive as this is before, at or after `other`; for sort(). */
  compare(other: PvTimeStamp): number {
    const difference = this.epochNanoseconds - other.epochNanoseconds;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  /** ISO 8601 in UTC with nine decimals: `2026-11-21T10:02:11.123456789Z`. */
  toISOString(): string {
    const seconds = new Date(Number(this.secondsPastEpoch) * 1000);
    if (Number.isNaN(seconds.getTime())) return `${this.secondsPastEpoch} s past epoch`;
    return `${seconds.toISOString().slice(0, -5)}.${String(this.nanoseconds).padStart(9, '0')}Z`;
  }

  toString(): string {
    return this.toISOString();
  }

  /** What `set('timeStamp', …)` takes. */
  toFields(): { secondsPastEpoch: bigint; nanoseconds: number; userTag: number } {
    return { secondsPastEpoch: this.secondsPastEpoch, nanoseconds: this.nanoseconds, userTag: this.userTag };
  }
}
