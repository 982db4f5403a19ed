import { describe, expect, it } from 'vitest';
import type { Status } from '../../../src/cli/top/status.js';
import { entryOf, sorted, tableLines, type TopRow } from '../../../src/cli/top/table.js';

const status: Status = {
  kind: 'consumer',
  id: 1,
  input: 'det:image',
  time: 100,
  received: 5000,
  receivedRate: 70,
  processed: 4990,
  missed: 3,
  lost: 1,
  queued: 10,
  isOver: false,
};
const rowOf = (changes: Partial<TopRow>): TopRow => ({
  channel: 'a:1:status',
  isConnected: true,
  status,
  before: undefined,
  ...changes,
});

describe('entryOf', () => {
  it('has the rate since the status before, and at first the one that the channel says', () => {
    expect(entryOf(rowOf({})).framesPerSecond).toBe(70);
    const before = { ...status, time: 98, received: 4000 };
    expect(entryOf(rowOf({ before })).framesPerSecond).toBe(500);
    const beforeReset = { ...status, time: 98, received: 9000 };
    expect(entryOf(rowOf({ before: beforeReset })).framesPerSecond).toBe(0);
  });

  it.each([
    ['running', rowOf({})],
    ['idle', rowOf({ before: { ...status, time: 99 } })],
    ['ended', rowOf({ status: { ...status, isOver: true } })],
    ['gone', rowOf({ isConnected: false })],
  ])('says what is %s', (state, row) => {
    expect(entryOf(row).state).toBe(state);
  });
});

describe('sorted', () => {
  const entries = [
    entryOf(rowOf({ channel: 'c:10', status: { ...status, missed: 5, queued: 1 } })),
    entryOf(rowOf({ channel: 'c:9', status: { ...status, missed: 0, lost: 9, queued: 3 } })),
    entryOf(rowOf({ channel: 'c:11', status: { ...status, missed: 7, receivedRate: 80 } })),
  ];

  it.each([
    ['name', ['c:9', 'c:10', 'c:11']],
    ['missed', ['c:11', 'c:10', 'c:9']],
    ['lost', ['c:9', 'c:10', 'c:11']],
    ['fps', ['c:11', 'c:9', 'c:10']],
    ['queue', ['c:11', 'c:9', 'c:10']],
  ] as const)('by %s', (key, names) => {
    expect(sorted(entries, key).map(({ channel }) => channel)).toEqual(names);
  });
});

describe('tableLines', () => {
  const entries = [entryOf(rowOf({})), entryOf(rowOf({ channel: 'b:2:status', isConnected: false }))];

  it('has a column for each figure', () => {
    expect(tableLines(entries, 120)).toEqual([
      'channel     kind        input      state     fps  processed  missed  lost  queue',
      'a:1:status  consumer 1  det:image  running  70.0      4,990       3     1     10',
      'b:2:status  consumer 1  det:image  gone     70.0      4,990       3     1     10',
    ]);
  });

  it('leaves columns out where there is no room, the least important first', () => {
    expect(tableLines(entries, 60)[0]).toBe('channel     state     fps  processed  missed  lost  queue');
    expect(tableLines(entries, 40)[1]).toBe('a:1:status  running  70.0       3     1');
    expect(tableLines(entries, 30).every((line) => line.length <= 30)).toBe(true);
    expect(tableLines([], 30)).toEqual(['channel  state  fps  missed']);
  });
});
