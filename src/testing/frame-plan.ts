import type { NtNdArray } from '../pva/normative/nt-nd-array.js';
import { PvTimeStamp } from '../pva/time-stamp.js';
import type { GeneratedOptions } from './generated-frames.js';

/** A frame that is to come, of which only what faults are about is decided. */
export interface FramePlan {
  readonly id: number;
  /** Of both time stamps, in seconds since 1970. */
  readonly time: number;
  /** The source was lost before it, and is there again. */
  readonly isFirstOfConnection?: boolean;
  /** Makes the frame, a new one with each call; id and time stamps are set afterwards. */
  readonly draw: () => NtNdArray | Promise<NtNdArray>;
  /** Makes it with other options; absent where frames are not generated. */
  readonly redraw?: (changes: GeneratedOptions) => NtNdArray;
}

/** How the frames of a stream are numbered and timed, and what they say besides their pixels. */
export interface SeriesOptions {
  /** 1 if it is not given. */
  readonly firstId?: number | undefined;
  /** Time stamp of the first frame: a date, or seconds since 1970; the beginning of the year 2026 (UTC) if it is not given. */
  readonly startTime?: Date | number | undefined;
  /** Seconds from one time stamp to the next; 0.001 if it is not given. Frames come as fast as they are taken. */
  readonly period?: number | undefined;
  /** Attributes of all frames, or of each by its id: numbers are sent as doubles, bigints as longs. */
  readonly attributes?: Attributes | ((id: number) => Attributes) | undefined;
}

export type Attributes = Readonly<Record<string, unknown>>;

export const seriesKeys = ['firstId', 'startTime', 'period', 'attributes'];

const START = Date.UTC(2026, 0, 1) / 1000;

/** The plan of frame number `index` of a series. */
export function planAt(index: number, options: SeriesOptions, draw: Pick<FramePlan, 'draw' | 'redraw'>): FramePlan {
  const { firstId = 1, startTime = START, period = 0.001, attributes = {} } = options;
  const start = typeof startTime === 'number' ? startTime : startTime.getTime() / 1000;
  const id = firstId + index;
  const own = typeof attributes === 'function' ? attributes(id) : attributes;
  return { id, time: start + index * period, ...withAttributes(draw, own) };
}

/** Makes what is planned. */
export async function makeFrame({ id, time, draw }: FramePlan): Promise<NtNdArray> {
  const frame = await draw();
  const { secondsPastEpoch, nanoseconds } = PvTimeStamp.fromSeconds(time);
  const stamp = { secondsPastEpoch, nanoseconds };
  return frame.set('', { uniqueId: id, timeStamp: stamp, dataTimeStamp: stamp });
}

function withAttributes({ draw, redraw }: Pick<FramePlan, 'draw' | 'redraw'>, attributes: Attributes) {
  const names = Object.keys(attributes);
  if (names.length === 0) return { draw, ...(redraw && { redraw }) };
  const add = (frame: NtNdArray) => {
    for (const name of names) frame.setAttribute(name, attributes[name]);
    return frame;
  };
  return {
    draw: async () => add(await draw()),
    ...(redraw && { redraw: (changes: GeneratedOptions) => add(redraw(changes)) }),
  };
}
