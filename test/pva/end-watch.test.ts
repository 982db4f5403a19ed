import { expect, it } from 'vitest';
import { watchEndOfProcess } from '../../src/pva/end-watch.js';

// what it does when a process is asked to end is tried with real processes, in test/cli/watch-end.test.ts
const options = { remarkMs: 1e9, limitMs: 1e9, remark: 'never said', last: () => 'never said' };

it('watches once at a time, and again when it was disposed of', () => {
  const before = process.listenerCount('exit');
  {
    using first = watchEndOfProcess(options);
    expect(() => watchEndOfProcess(options)).toThrow('the end of this process is watched already');
    first[Symbol.dispose]();
  } // disposed of twice
  watchEndOfProcess(options)[Symbol.dispose]();
  expect(process.listenerCount('exit')).toBe(before);
});
