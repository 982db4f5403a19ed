import type { Peer } from '../test/peers/peer.js';
import type { Environment, Place } from '../test/peers/network.js';
import type { Size } from './sizes.js';

/** How far a sink is: frames it has processed, and the id of the last one. Lost frames are the ids that did not come. */
export interface Count {
  readonly received: number;
  readonly id: number;
}

/** A program that sends frames of one size, with ids that count up by one. */
export interface Source {
  readonly peer: Peer;
  readonly place: Place;
  readonly channel: string;
  /** Variables with which a client on PVXS finds it. */
  readonly reach: Environment;
  /** Frames/s from now on; 0 is as fast as possible. Absent where the source only knows how to wait for its sink. */
  setRate?(rate: number): void;
}

/** A program that receives them. */
export interface Sink {
  readonly peer: Peer;
  /** Those between the source and it, in the order in which they are to be stopped. */
  readonly before?: readonly Peer[];
}

export interface SourceKind {
  readonly name: string;
  start(size: Size): Promise<Source>;
}

export interface SinkKind {
  readonly name: string;
  start(source: Source, size: Size): Promise<Sink>;
}

/** Asks a sink how far it is: every sink answers a line on standard input with one of JSON, as of its next frame. */
export async function countOf(sink: Sink): Promise<Count> {
  const line = sink.peer.nextLine(/^\{"received":/);
  sink.peer.write('count');
  return JSON.parse(await line) as Count;
}
