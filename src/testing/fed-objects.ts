import type { PvObject } from '../pva/pv-object.js';
import type { FedObject } from './fed-input.js';
import { FrameStream } from './frame-stream.js';

/** What can be fed: a stream of frames, or any objects that a test makes itself, at once or one by one. */
export type Fed = FrameStream | Iterable<PvObject> | AsyncIterable<PvObject>;

export async function* fedObjects(objects: Fed): AsyncGenerator<FedObject> {
  if (objects instanceof FrameStream) yield* objects.fed();
  else for await (const object of objects) yield { object };
}
