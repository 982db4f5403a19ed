import { expect, it } from 'vitest';
import type { Logger } from '../../src/core/logger.js';
import { logDeparture } from '../../src/hpc/departures.js';

const quiet = { group: 'g', set: 's', id: '', peer: '10.0.0.7:4711', sent: 9, handedOver: 0, abandoned: 0 };

it.each([
  [{}, 'info', 'X: 10.0.0.7:4711 left the group g: nothing is open'],
  [
    { id: 'consumer-3', handedOver: 4 },
    'info',
    'X: consumer-3 (10.0.0.7:4711) left the group g: 4 not sent, which others get',
  ],
  [
    { unacknowledged: 2, unacknowledgedIds: [5, 9], handedOver: 1 },
    'warn',
    'X: 10.0.0.7:4711 left the group g: 2 frames sent and not acknowledged (ids 5, 9), 1 not sent, which others get',
  ],
  [{ abandoned: 3 }, 'warn', 'X: 10.0.0.7:4711 left the group g: 3 not sent, which nobody gets'],
])('says what is open: %o', (facts, level, message) => {
  const lines: string[][] = [];
  const logger = {
    info: (text: string) => lines.push(['info', text]),
    warn: (text: string) => lines.push(['warn', text]),
  } as unknown as Logger;
  logDeparture(logger, 'X', { ...quiet, unacknowledged: 0, unacknowledgedIds: [], ...facts });
  expect(lines).toEqual([[level, message]]);
});
