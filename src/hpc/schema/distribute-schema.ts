import { z } from 'zod';

/** What is asked of a data distributor. */
export const distributeSchema = z
  .strictObject({
    plugin: z.string().min(1).prefault('pydistributor').describe('name of the distributor of the server'),
    group: z.string().min(1).optional().describe('group of clients that share the updates'),
    set: z.string().min(1).optional().describe('set within the group whose clients get the same'),
    trigger: z.string().min(1).optional().describe('field that tells updates apart'),
    updates: z.int().min(1).max(999_999_999).optional().describe('sequential updates of each turn'),
    mode: z.enum(['one', 'all']).optional().describe('who of a set gets an update; all if a set is named, else one'),
    sets: z.int().min(1).prefault(1).describe('number of sets'),
  })
  .refine(({ set, sets }) => sets === 1 || set !== undefined, {
    path: ['sets'],
    error: 'of several sets this consumer belongs to one: name it with distribute.set (--distributor-set)',
  })
  .describe("take turns with others: the data distributor of the input channel's server");

export type DistributeSettings = z.output<typeof distributeSchema>;
