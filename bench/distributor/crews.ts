import { librarySink } from '../sinks/library.js';
import { startOurSink } from '../sinks/ours.js';
import { startPvapySink } from '../sinks/pvapy.js';
import { startOurSource } from '../sources/ours.js';
import { pvapySource } from '../sources/pvapy.js';
import { queueFor } from '../queue.js';
import type { CrewKind } from './crew.js';

const CONSUMERS = 2;

/** Two consumers share the frames by turns. */
export const SHARING: readonly CrewKind[] = [
  {
    name: 'pvaPy simulator → 2 pvaPy consumers',
    ...{ sinks: CONSUMERS, step: CONSUMERS, waits: false },
    startSource: (size) => pvapySource.start(size),
    startSink: (source, size, number) =>
      startPvapySink(source, size, [
        ...['--consumer-id', `${number}`, '--distributor-updates', '1', '--distributor-trigger', 'uniqueId'],
        ...['--oid-offset', `${CONSUMERS}`],
      ]),
  },
  ...[1, 2].map((threads): CrewKind => ({
    name: `our simulator, ${threads} thread${threads > 1 ? 's' : ''} → 2 our consumers`,
    ...{ sinks: CONSUMERS, step: CONSUMERS, waits: true, target: 1.2 },
    startSource: (size) =>
      startOurSource(size, ['--await-subscribers', `${CONSUMERS}`, '--server-threads', `${threads}`]),
    startSink: (source, size, number) =>
      startOurSink(source, [
        ...['--consumer-id', `${number}`, '--distributor-updates', '1', '--oid-offset', `${CONSUMERS}`],
        ...['--server-queue-size', `${queueFor(size)}`],
      ]),
  })),
];

const RECEIVERS = 4;

/** Four receivers get every frame: what one thread sends to all, and what several send. */
export const ALL_TO_ALL: readonly CrewKind[] = [1, 2, 4].map((threads) => ({
  name: `our simulator, ${threads} thread${threads > 1 ? 's' : ''} → 4 receivers`,
  ...{ sinks: RECEIVERS, step: 1, waits: true },
  startSource: (size) =>
    startOurSource(size, ['--await-subscribers', `${RECEIVERS}`, '--server-threads', `${threads}`]),
  startSink: (source, size) => librarySink.start(source, size),
}));
