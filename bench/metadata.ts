/** Frames with six metadata channels, joined: ours and pvaPy's. Sinks count the frames that got all of theirs. */
import type { SinkKind, SourceKind } from './ends.js';
import { queueFor } from './queue.js';
import { startOurSink } from './sinks/ours.js';
import { startPvapySink } from './sinks/pvapy.js';
import { startOurSource } from './sources/ours.js';
import { startPvapySource } from './sources/pvapy.js';

/** A number for each frame on each of them, with the time of the frame. */
const channels = [1, 2, 3, 4, 5, 6].map((n) => `pva://bench:metadata:${n}`).join(',');

export const ourMetadataSource: SourceKind = {
  name: 'our simulator, metadata',
  start: (size) => startOurSource(size, ['--await-subscribers', '1', '--metadata-pv', channels]),
};

export const pvapyMetadataSource: SourceKind = {
  name: 'pvaPy simulator, metadata',
  start: (size) => startPvapySource(size, [channels]),
};

/** Our consumer with the built-in join. */
export const ourJoinSink: SinkKind = {
  name: 'our join',
  start: (source, size) =>
    startOurSink(source, ['--server-queue-size', `${queueFor(size)}`, '--metadata-channels', channels], 'join'),
};

/** pvaPy's consumer with a join in the manner of its example. Frames wait in a queue, as they may come before their metadata. */
export const pvapyJoinSink: SinkKind = {
  name: 'pvaPy join',
  start: (source, size) =>
    startPvapySink(source, size, ['--receiver-queue-size', '5000', '--metadata-channels', channels], 'join'),
};
