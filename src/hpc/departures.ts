import { plural } from '../core/figures.js';
import type { Logger } from '../core/logger.js';
import type { Departure } from '../pva/channel-options.js';

const MOST_LISTED = 32;

/** Says on the log what became of the frames of a client that has left its distributor. */
export function logDeparture(logger: Logger, channel: string, departure: Departure): void {
  const { id, peer, group, unacknowledged, unacknowledgedIds, handedOver, abandoned } = departure;
  const who = id === '' ? peer : `${id} (${peer})`;
  const facts = [
    ...(unacknowledged > 0
      ? [`${unacknowledged} ${plural(unacknowledged, 'frame')} sent and not acknowledged${listOf(unacknowledgedIds)}`]
      : []),
    ...(handedOver > 0 ? [`${handedOver} not sent, which others get`] : []),
    ...(abandoned > 0 ? [`${abandoned} not sent, which nobody gets`] : []),
  ];
  const message = `${channel}: ${who} left the group ${group}: ${facts.join(', ') || 'nothing is open'}`;
  if (unacknowledged + abandoned > 0) logger.warn(message);
  else logger.info(message);
}

function listOf(ids: readonly number[]): string {
  if (ids.length === 0) return '';
  const more = ids.length > MOST_LISTED ? ', …' : '';
  return ` (ids ${ids.slice(0, MOST_LISTED).join(', ')}${more})`;
}
