import type { SinkKind, SourceKind } from './ends.js';
import { ourJoinSink, ourMetadataSource, pvapyJoinSink, pvapyMetadataSource } from './metadata.js';
import { ourChainInOne, ourChainOfThree, pvapyChainOfThree } from './sinks/chains.js';
import {
  ourEncryption,
  ourEncryptionInOne,
  ourEncryptionInTwo,
  pvapyEncryption,
  pvapyEncryptionInTwo,
} from './sinks/encryption.js';
import { librarySink } from './sinks/library.js';
import { pvxsSink, remediedPvxsSink, tcpSink } from './sinks/native.js';
import { connectedSink, ourSink, plainSink } from './sinks/ours.js';
import { pvapySink } from './sinks/pvapy.js';
import { librarySource } from './sources/library.js';
import { pvxsSource, remediedPvxsSource, tcpSource } from './sources/native.js';
import { ourSource } from './sources/ours.js';
import { pvapySource } from './sources/pvapy.js';

/** One line of the table. */
export interface Pair {
  /** How --pairs names it. */
  readonly key: string;
  readonly source: SourceKind;
  readonly sink: SinkKind;
  /** The source sends only what the sink can take. Otherwise the highest rate without loss is searched. */
  readonly waits: boolean;
  /** Measured only when --pairs names it. */
  readonly extra?: boolean;
}

export const PAIRS: readonly Pair[] = [
  { key: 'pvapy', source: pvapySource, sink: pvapySink, waits: false },
  { key: 'pvapy-ours', source: pvapySource, sink: ourSink, waits: false },
  { key: 'ours-pvapy', source: ourSource, sink: pvapySink, waits: true },
  { key: 'ours', source: ourSource, sink: ourSink, waits: true },
  { key: 'ours-by-tcp', source: ourSource, sink: connectedSink, waits: true },
  { key: 'pvxs', source: pvxsSource, sink: pvxsSink, waits: true },
  { key: 'tcp', source: tcpSource, sink: tcpSink, waits: true },
  { key: 'library', source: librarySource, sink: librarySink, waits: true, extra: true },
  { key: 'pvapy-library', source: pvapySource, sink: librarySink, waits: false, extra: true },
  { key: 'library-pvapy', source: librarySource, sink: pvapySink, waits: false, extra: true },
  { key: 'pvxs-library', source: remediedPvxsSource, sink: librarySink, waits: true, extra: true },
  { key: 'library-pvxs', source: librarySource, sink: remediedPvxsSink, waits: true, extra: true },
  { key: 'remedies', source: remediedPvxsSource, sink: remediedPvxsSink, waits: true, extra: true },
  { key: 'pvapy-pvxs', source: pvapySource, sink: pvxsSink, waits: false, extra: true },
  { key: 'pvapy-remedies', source: pvapySource, sink: remediedPvxsSink, waits: false, extra: true },
  { key: 'remedies-pvapy', source: remediedPvxsSource, sink: pvapySink, waits: false, extra: true },
  { key: 'chain-one', source: ourSource, sink: ourChainInOne, waits: true, extra: true },
  { key: 'chain-three', source: ourSource, sink: ourChainOfThree, waits: true, extra: true },
  { key: 'chain-pvapy', source: pvapySource, sink: pvapyChainOfThree, waits: false, extra: true },
  { key: 'join', source: ourMetadataSource, sink: ourJoinSink, waits: true, extra: true },
  { key: 'pvapy-join', source: pvapyMetadataSource, sink: pvapyJoinSink, waits: false, extra: true },
  { key: 'pvapy-ours-join', source: pvapyMetadataSource, sink: ourJoinSink, waits: false, extra: true },
  { key: 'encrypt', source: ourSource, sink: ourEncryption, waits: true, extra: true },
  { key: 'encrypt-one', source: ourSource, sink: ourEncryptionInOne, waits: true, extra: true },
  { key: 'encrypt-two', source: ourSource, sink: ourEncryptionInTwo, waits: true, extra: true },
  { key: 'pvapy-encrypt', source: ourSource, sink: pvapyEncryption, waits: true, extra: true },
  { key: 'pvapy-encrypt-two', source: ourSource, sink: pvapyEncryptionInTwo, waits: true, extra: true },
];

/** The pair whose resident memory is watched: both commands without options for queues. */
export const MEMORY_PAIR: Pair = { key: 'memory', source: ourSource, sink: plainSink, waits: true };
