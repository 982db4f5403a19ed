import type { JoinedAttribute } from '../../pva/normative/joined-attribute.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { Sample } from './joined-channel.js';
import type { Match } from './matching.js';

/**
 * What was found for a frame as an attribute of it; undefined when nothing was. Its tag `timeDifference` is the time of the
 * metadata less that of the frame, in seconds. Between two numbers it is interpolated as a double; of two other values the nearer
 * one is taken.
 *
 * @param source where it came from: the name of the channel
 */
export function joinedAttribute(match: Match<Sample>, name: string, source: string): JoinedAttribute | undefined {
  if (match.kind === 'none') return undefined;
  const tags = [`timeDifference=${(match.difference / 1e9).toFixed(9)}`];
  if (match.kind === 'item') return { name, of: match.item.object, source, tags };
  const { before, after, share, difference } = match;
  const from = numberOf(before.object);
  const to = numberOf(after.object);
  const nearer = difference > 0 ? after.object : before.object;
  if (from === undefined || to === undefined) return { name, of: nearer, source, tags };
  return { name, of: nearer, number: from + (to - from) * share, source, tags };
}

function numberOf(object: PvObject): number | undefined {
  const value = object.get('value');
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : undefined;
}
