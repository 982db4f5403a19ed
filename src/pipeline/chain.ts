import { PROCESSED, REJECTED, type Carrier } from './carrier.js';
import { Edge } from './edge.js';
import type { Downstream, Link, Shared, Upstream } from './link.js';
import { STOPPED } from './ledger.js';
import { Stage } from './stage.js';
import type { StageOptions } from './stage-options.js';

/** A stage with the queue in front of it, if it has one. */
interface Place<E> {
  readonly stage: Stage<E>;
  readonly edge: Edge<E> | undefined;
}

/**
 * The stages in their order. Events enter at the front and are pushed from link to link; the chain may be changed between two
 * events, while all of them are under way.
 */
export class Chain<E> implements Upstream {
  /** Events that entered. */
  emitted = 0;
  #places: Place<E>[];
  #first!: Downstream<E>;
  #isStarted = false;
  readonly #shared: Shared<E>;
  readonly #end: Downstream<E>;
  /** By how much a link arrived at more than the link before emitted: it was put there later, or counts began anew. */
  readonly #offsets = new Map<Link<E>, number>();

  constructor(
    stages: readonly StageOptions<E>[],
    shared: Shared<E>,
    /** The first stage may take events again. */
    readonly resume: () => void,
  ) {
    this.#shared = shared;
    this.#end = { accepts: true, accept: (carrier) => shared.ledger.close(carrier, PROCESSED) };
    this.#places = [];
    for (const options of stages) this.#places.push(this.#placeOf(options));
    this.#join();
  }

  get stages(): readonly Stage<E>[] {
    return this.#places.map(({ stage }) => stage);
  }

  get edges(): readonly Edge<E>[] {
    return this.#places.flatMap(({ edge }) => edge ?? []);
  }

  get accepts(): boolean {
    return this.#first.accepts;
  }

  start(): void {
    this.#isStarted = true;
    for (const { stage } of this.#places) stage.attach();
  }

  /** An event enters at the front. The caller has asked `accepts`. */
  begin(event: E, source: string): void {
    this.emitted += 1;
    this.#first.accept(this.#shared.ledger.begin(event, source));
  }

  inject(event: E, name: string): Promise<void> {
    return this.#placeNamed(name).stage.inject(this.#shared.ledger.inject(event));
  }

  // ---- changes while running ----

  insert(options: StageOptions<E>, name: string, offset: 0 | 1): void {
    const at = this.#places.indexOf(this.#placeNamed(name)) + offset;
    const place = this.#placeOf(options);
    this.#places.splice(at, 0, place);
    this.#join();
    if (this.#isStarted) place.stage.attach();
    place.stage.wake(); // what could not go on before perhaps can now
  }

  async replace(name: string, options: StageOptions<E>): Promise<void> {
    const { stage, edge } = this.#placeNamed(name);
    this.#checkFree(stage);
    if (options.name !== name) this.#checkName(options.name);
    await stage.retire();
    stage.become(options);
    if (edge !== undefined) edge.name = options.name;
    if (this.#isStarted) stage.attach();
    stage.resume();
  }

  async remove(name: string): Promise<void> {
    const place = this.#placeNamed(name);
    this.#checkFree(place.stage);
    await place.edge?.retire();
    do await place.stage.retire(true);
    while (!place.stage.finish()); // something was injected meanwhile
    place.stage.leave();
    this.#places = this.#places.filter((other) => other !== place);
    const { previous } = place.edge ?? place.stage;
    this.#join();
    previous.resume();
  }

  // ---- the end ----

  /** Called again and again when no more events will enter. @returns whether all are out */
  finish(): boolean {
    return this.#links().every((link) => link.finish()) && this.#shared.ledger.active === 0;
  }

  /** Gives up all that is under way. What a processor has at this moment is released when it gives it back. */
  stop(): void {
    const lost: Carrier<E>[] = [];
    const free: Carrier<E>[] = [];
    for (const link of this.#links()) {
      link.stop((carrier, isBusy) => {
        lost.push(carrier);
        if (!isBusy) free.push(carrier);
      });
    }
    this.#shared.ledger.stop(lost);
    for (const carrier of free) this.#shared.ledger.close(carrier, REJECTED, STOPPED);
  }

  resetStats(): void {
    this.emitted = 0;
    for (const { stage, edge } of this.#places) {
      stage.counts.restart();
      edge?.queue.resetCounters();
    }
    this.#noteOffsets();
  }

  /** What is wrong between two links: each must have been given what the one before handed on. */
  imbalance(): string | undefined {
    let emitted = this.emitted;
    for (const link of this.#links()) {
      const arrived = link.arrived - (this.#offsets.get(link) ?? 0);
      if (arrived !== emitted) return `${link.name} was given ${arrived} of ${emitted} events`;
      emitted = link.emitted;
    }
    return undefined;
  }

  #placeOf(options: StageOptions<E>): Place<E> {
    this.#checkName(options.name);
    const edge = options.edge && new Edge<E>(options.name, options.edge, this.#shared);
    return { stage: new Stage(options, this.#shared), edge };
  }

  #placeNamed(name: string): Place<E> {
    const place = this.#places.find(({ stage }) => stage.name === name);
    if (place !== undefined) return place;
    const names = this.#places.map(({ stage }) => stage.name).join(', ');
    throw new RangeError(`there is no stage ${name}; there are: ${names}`);
  }

  #checkName(name: string): void {
    if (this.#places.some(({ stage }) => stage.name === name))
      throw new RangeError(`there is a stage ${name} already; names of a chain differ`);
  }

  #checkFree(stage: Stage<E>): void {
    if (stage.isClosed) throw new Error(`${stage.name} is being replaced or removed already`);
  }

  #links(): Link<E>[] {
    return this.#places.flatMap(({ edge, stage }) => (edge === undefined ? [stage] : [edge, stage]));
  }

  /** Joins the links as they stand in the list. */
  #join(): void {
    const links = this.#links();
    links.forEach((link, at) => {
      link.previous = links[at - 1] ?? this;
      link.next = links[at + 1] ?? this.#end;
    });
    this.#first = links[0] ?? this.#end;
    this.#noteOffsets();
  }

  #noteOffsets(): void {
    this.#offsets.clear();
    for (const link of this.#links()) this.#offsets.set(link, link.arrived - link.previous.emitted);
  }
}
