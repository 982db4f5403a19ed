/** Kinds of values that configurations share. */
import { z } from 'zod';
import { bytesPattern, MAX_SECONDS, parseBytes, parseSeconds, timePattern } from '../units.js';

/** A number of bytes, or a size such as `2GiB`; becomes the number of bytes. */
export function bytes() {
  return z
    .union([z.int().min(0), z.string().regex(bytesPattern)])
    .transform((given) => (typeof given === 'number' ? given : (parseBytes(given) as number)))
    .refine(Number.isSafeInteger, { error: 'expected a size that a machine can have' })
    .meta({ expected: 'a size such as 512MiB' });
}

/** A number of seconds, or a time such as `500ms`; becomes seconds. `above`: more than 0. `most`: what a timer can wait if not given. */
export function seconds({ above = false, most = MAX_SECONDS }: { above?: boolean; most?: number } = {}) {
  const number = above ? z.number().positive() : z.number().min(0);
  const expected = `${above ? 'a time above 0' : 'a time'}, in seconds or such as 500ms, 10min`;
  return z
    .union([most === Infinity ? number : number.max(most), z.string().regex(timePattern)])
    .transform((given) => (typeof given === 'number' ? given : (parseSeconds(given) as number)))
    .refine((time) => time <= most && (!above || time > 0), { error: `expected ${expected}, at most 24 days` })
    .meta({ expected });
}

/** A text that is not blank; `what` says what it names, such as `the name of a channel`. */
export function name(what: string) {
  return z.string().regex(/\S/).meta({ expected: what });
}

/** Free keys and values, such as the arguments of a processor. */
export function freeKeys() {
  return z.record(z.string(), z.unknown()).default({});
}
