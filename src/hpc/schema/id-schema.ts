import { z } from 'zod';

/** The id of a consumer, a collector or a producer: it travels as an unsigned integer of 32 bits. */
export const idSchema = z.int().min(0).max(0xffff_ffff);

const repeated = (ids: readonly number[]) => ids.find((id, at) => ids.indexOf(id) !== at);

/** @param whose of whom these are the ids, such as `consumers` */
export function idsSchema(whose: string) {
  return z
    .array(idSchema)
    .min(1)
    .max(10_000)
    .refine((ids) => repeated(ids) === undefined, {
      error: ({ input }) => `the id ${repeated(input as number[])} is given to two ${whose}`,
    });
}

export const idFormatSchema = z
  .string()
  .optional()
  .describe('how ids are written in the names of channels, such as 03d');
