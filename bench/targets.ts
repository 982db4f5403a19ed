import type { Result } from './results.js';
import type { Window } from './measure.js';

/** What must hold between two pairs of one run: `value(a) / value(b)` at a size. */
interface Target {
  readonly what: string;
  readonly pair: string;
  readonly peer: string;
  readonly value: (window: Window) => number;
  readonly bound: 'least' | 'most';
  /** By size; sizes that are not here have no target. */
  readonly limits: Readonly<Record<string, number>>;
}

const rate = ({ framesPerSecond }: Window) => framesPerSecond;
const everySize = (limit: number) => ({ 64: limit, 512: limit, 1024: limit, 2048: limit });

const chainSizes = (limit: number) => ({ 512: limit, 1024: limit });

const TARGETS: readonly Target[] = [
  {
    what: 'our consumer / pvaPy consumer, frames/s',
    ...{ pair: 'pvapy-ours', peer: 'pvapy', value: rate, bound: 'least', limits: everySize(1) },
  },
  {
    what: 'our consumer / pvaPy consumer, CPU a frame',
    ...{ pair: 'pvapy-ours', peer: 'pvapy', value: ({ sinkCpu }) => sinkCpu, bound: 'most', limits: everySize(1) },
  },
  {
    what: 'our pair / pvaPy pair, frames/s',
    ...{ pair: 'ours', peer: 'pvapy', value: rate, bound: 'least' },
    limits: { 64: 2.5, 512: 1.4, 1024: 1.2, 2048: 1.1 },
  },
  {
    what: 'our pair by TCP / raw TCP, frames/s',
    ...{ pair: 'ours-by-tcp', peer: 'tcp', value: rate, bound: 'least', limits: { 512: 0.6, 1024: 0.6, 2048: 0.6 } },
  },
  {
    what: 'three processors in one of ours / three pvaPy consumers, frames/s',
    ...{ pair: 'chain-one', peer: 'chain-pvapy', value: rate, bound: 'least', limits: chainSizes(5) },
  },
  {
    what: 'three processors in one of ours / one processor, frames/s',
    ...{ pair: 'chain-one', peer: 'ours', value: rate, bound: 'least', limits: chainSizes(0.9) },
  },
  {
    what: 'three of our consumers / three pvaPy consumers, frames/s',
    ...{ pair: 'chain-three', peer: 'chain-pvapy', value: rate, bound: 'least', limits: chainSizes(1.5) },
  },
  {
    what: 'our join / pvaPy join of six metadata channels, frames/s',
    ...{ pair: 'join', peer: 'pvapy-join', value: rate, bound: 'least', limits: { 512: 3 } },
  },
  {
    what: 'our encryption and decryption in one / pvaPy encryption, frames/s',
    ...{ pair: 'encrypt-one', peer: 'pvapy-encrypt', value: rate, bound: 'least', limits: chainSizes(8) },
  },
  {
    what: 'our encryption / pvaPy encryption, frames/s',
    ...{ pair: 'encrypt', peer: 'pvapy-encrypt', value: rate, bound: 'least', limits: chainSizes(8) },
  },
  {
    what: 'our encryption and decryption in one / those of pvaPy in two, frames/s',
    ...{ pair: 'encrypt-one', peer: 'pvapy-encrypt-two', value: rate, bound: 'least', limits: chainSizes(8) },
  },
];

/** A target as it came out. */
export interface Outcome {
  readonly what: string;
  readonly size: Result['size'];
  readonly ratio: number;
  readonly limit: number;
  readonly bound: 'least' | 'most';
  readonly met: boolean;
}

/** The targets for which both pairs were measured. */
export function outcomes(results: readonly Result[]): Outcome[] {
  const find = (key: string, size: string) =>
    results.find(({ pair, size: { name } }) => pair.key === key && name === size);
  return TARGETS.flatMap(({ what, pair, peer, value, bound, limits }) =>
    Object.entries(limits).flatMap(([name, limit]) => {
      const ours = find(pair, name);
      const theirs = find(peer, name);
      if (!ours || !theirs) return [];
      const ratio = value(ours.median) / value(theirs.median);
      return [{ what, size: ours.size, ratio, limit, bound, met: bound === 'least' ? ratio >= limit : ratio <= limit }];
    }),
  );
}
