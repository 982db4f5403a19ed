import { expect, it } from 'vitest';
import { FAILED, FILTERED, PROCESSED, REJECTED } from '../../src/pipeline/carrier.js';
import { Ledger } from '../../src/pipeline/ledger.js';

function build() {
  const told: string[] = [];
  const released: string[] = [];
  const ledger = new Ledger<string>(
    {
      onFailed: (input, stage, _error, cause) => told.push(`${input} failed in ${stage}: ${cause}`),
      onRejected: (input, reason) => told.push(`${input} rejected: ${reason}`),
      onProcessed: (input) => told.push(`${input} processed`),
    },
    (event) => released.push(event),
  );
  return { ledger, told, released };
}

it('settles an input when all that was made of it is settled, and by the worst of it', () => {
  const { ledger, told, released } = build();
  const input = ledger.inject('in');
  const [one, two, three] = ['1', '2', '3'].map((event) => ledger.derive(event, [input]));
  ledger.close(input, FILTERED);
  ledger.close(one!, PROCESSED);
  ledger.close(two!, REJECTED, 'queue full');
  expect([ledger.active, told, released]).toEqual([1, [], ['1', '2']]);
  ledger.close(three!, FILTERED);
  expect([ledger.active, told, released]).toEqual([0, ['in rejected: queue full'], ['1', '2', '3', 'in']]);
});

it('tells of the first failure of an input, once', () => {
  const { ledger, told } = build();
  const input = ledger.inject('in');
  const [one, two] = ['1', '2'].map((event) => ledger.derive(event, [input]));
  ledger.fail(one!, 'a', new Error('first'), 'first cause');
  ledger.fail(two!, 'b', new Error('second'), 'second cause');
  ledger.close(input, FILTERED);
  expect(told).toEqual(['in failed in a: first cause']);
  expect(ledger.account.figures(0).failedBy).toEqual({ 'first cause': 1 });
});

it('releases what stages gave instead at once, and the input at the end', () => {
  const { ledger, released } = build();
  const input = ledger.inject('in');
  ledger.replace(input, 'a');
  ledger.replace(input, 'b');
  expect(released).toEqual(['a']);
  ledger.close(input, PROCESSED);
  expect(released).toEqual(['a', 'b', 'in']);
});

it('leaves to an input what a generator gave of it', () => {
  const { ledger, released } = build();
  const input = ledger.inject('in');
  const child = ledger.derive('in', [input]);
  const grandchild = ledger.derive('in', [child]);
  for (const carrier of [input, child, grandchild])
    ledger.close(carrier, carrier === grandchild ? PROCESSED : FILTERED);
  expect(released).toEqual(['in']);
});

it('gives a carrier to the next input with nothing of the last', () => {
  const { ledger } = build();
  const first = ledger.begin('first', 'source');
  first.set('key', 1);
  ledger.fail(first, 'a', new Error('no'), 'cause');
  const second = ledger.begin('second', 'source');
  expect(second).toBe(first);
  expect([second.event, second.fate === FAILED, second.reason, second.get('key')]).toEqual([
    'second',
    false,
    '',
    undefined,
  ]);
});
