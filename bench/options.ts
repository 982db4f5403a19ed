import { parseArgs } from 'node:util';
import { PAIRS, type Pair } from './pairs.js';
import type { Durations } from './search.js';
import { SIZES, type Size } from './sizes.js';

export const HELP = `Usage: npm run bench -- [options]

  --topic all         everything that is here, one after the other: about 20 minutes with --quick
  --topic chains      three processors in one process and in three, and the join of metadata, beside pvaPy: about 2 minutes with --quick
  --topic codecs      codecs of images beside those of Python's packages: about 2 minutes
  --topic distributor several consumers of one channel
  --topic encryption  encryption and decryption, by themselves beside OpenSSL and on channels beside pvaPy: about 3 minutes with --quick
  --topic files       images to TIFF files, on a disk and in memory: about 2 minutes with --quick
  --topic hdf5        HDF5 files beside h5py's and pvaPy's: about 2 minutes with --quick
  --topic images      image processors beside NumPy: about 1 minute with --quick
  --topic pairs       simulators and consumers, ours and others'; this is what is measured unless --topic says otherwise
  --topic runtime     what the runtime costs by itself, without frames and sockets: about 1 minute
  --topic soak        what grows in a long run while clients and processes come and go; not part of all
  --minutes N         how long --topic soak runs (60)
  --quick             one repetition with short windows, and no long memory run: about 5 minutes
  --sizes 64,512      only these sizes: ${SIZES.map(({ name }) => name).join(', ')}
  --pairs ours,tcp    only these pairs: ${PAIRS.map(({ key }) => key).join(', ')}
  --repetitions N     interleaved repetitions; medians are shown (5; quick: 1)
  --no-memory         without the 60 s run that watches the resident memory
  --json              the figures as JSON instead of tables
  --help              this text
`;

const TOPICS = [
  'pairs',
  'all',
  'chains',
  'codecs',
  'distributor',
  'encryption',
  'files',
  'hdf5',
  'images',
  'runtime',
  'soak',
] as const;
/** What topics measure on channels if nothing else is said. */
const TOPIC_CHOICES: Readonly<Record<string, { readonly sizes: string; readonly pairs: string }>> = {
  chains: { sizes: '512,1024', pairs: 'ours,chain-one,chain-three,chain-pvapy,join,pvapy-join' },
  encryption: { sizes: '512,1024', pairs: 'encrypt,encrypt-one,encrypt-two,pvapy-encrypt,pvapy-encrypt-two' },
};
export type Topic = (typeof TOPICS)[number];

export interface BenchOptions {
  readonly topic: Topic;
  readonly sizes: readonly Size[];
  readonly pairs: readonly Pair[];
  readonly repetitions: number;
  readonly durations: Durations;
  /** Seconds of the memory run; 0 for none. */
  readonly memorySeconds: number;
  /** Of `soak`. */
  readonly minutes: number;
  readonly json: boolean;
}

/** Those that a list on the command line names, in the order of the bench. */
function chosen<T>(all: readonly T[], list: string | undefined, nameOf: (one: T) => string): T[] | undefined {
  if (list === undefined) return undefined;
  const names = list.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !all.some((one) => nameOf(one) === name));
  if (unknown.length > 0) throw new Error(`unknown: ${unknown.join(', ')}. There are: ${all.map(nameOf).join(', ')}`);
  return all.filter((one) => names.includes(nameOf(one)));
}

function positive(name: string, text: string | undefined, fallback: number): number {
  const number = text === undefined ? fallback : Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`--${name} must be a whole number from 1, found ${text}`);
  return number;
}

/** What `--topic all` stands for. */
export function allTopics(args: readonly string[]): BenchOptions[] {
  return TOPICS.filter((topic) => topic !== 'all' && topic !== 'soak').flatMap(
    (topic) => benchOptions([...args, '--topic', topic]) ?? [],
  );
}

/** Undefined when only the help was asked for. Throws what is wrong, in words for the terminal. */
export function benchOptions(args: readonly string[]): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      topic: { type: 'string' },
      quick: { type: 'boolean', default: false },
      sizes: { type: 'string' },
      pairs: { type: 'string' },
      repetitions: { type: 'string' },
      minutes: { type: 'string' },
      'no-memory': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const { quick } = values;
  const topic = chosen(TOPICS, values.topic, (name) => name)?.[0] ?? 'pairs';
  const { sizes, pairs } = TOPIC_CHOICES[topic] ?? {};
  return {
    topic,
    sizes: chosen(SIZES, values.sizes ?? sizes, ({ name }) => name) ?? SIZES,
    pairs: chosen(PAIRS, values.pairs ?? pairs, ({ key }) => key) ?? PAIRS.filter(({ extra }) => !extra),
    repetitions: positive('repetitions', values.repetitions, quick ? 1 : 5),
    durations: quick ? { probe: 0.7, result: 1.5 } : { probe: 1, result: 3 },
    memorySeconds: quick || values['no-memory'] ? 0 : 60,
    minutes: positive('minutes', values.minutes, 60),
    json: values.json,
  };
}
