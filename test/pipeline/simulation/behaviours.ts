import type {
  EventContext,
  HoldingProcessor,
  HoldingResult,
  Processor,
  ProcessResult,
  StageControl,
} from '../../../src/pipeline/interfaces.js';
import { HELD } from '../../../src/pipeline/interfaces.js';
import type { Token, World } from './world.js';

/** Nothing is lost by these, and order is kept. */
export const careful = ['pass', 'renew', 'later', 'sometimes', 'split', 'splitLater', 'keep', 'join'] as const;
/** These do anything that code of users may do. */
export const careless = ['anything', 'hoard', 'never'] as const;
export type Behaviour = (typeof careful)[number] | (typeof careless)[number];

type SimProcessor = Processor<Token> | HoldingProcessor<Token>;

export function processorOf(behaviour: Behaviour, world: World): SimProcessor {
  switch (behaviour) {
    case 'pass':
      return { process: (token) => token };
    case 'renew':
      return { process: (token) => world.made(token.parts) };
    case 'later':
      return { process: (token) => world.later(token, 20) };
    case 'sometimes':
      return { process: (token) => (world.random(2) === 0 ? token : world.later(token, 20)) };
    case 'split':
      return { process: (token) => halves(token, world) };
    case 'splitLater':
      return { process: (token) => halvesLater(token, world) };
    case 'keep':
      return new Keep(world);
    case 'join':
      return new Join(world);
    case 'anything':
      return { process: (token, context) => anything(token, context, world) };
    case 'hoard':
      return new Hoard(world);
    case 'never':
      return { process: (token) => (world.random(8) === 0 ? world.never(token) : token) };
  }
}

function* halves(token: Token, world: World): Generator<Token, void, undefined> {
  for (const half of [0, 1])
    yield world.made(token.parts.map((part) => ({ ...part, weight: part.weight / 2, path: `${part.path}${half}` })));
}

async function* halvesLater(token: Token, world: World): AsyncGenerator<Token, void, undefined> {
  for (const half of halves(token, world)) yield await world.later(half, 10);
}

/** Gives everything on, in order, some time later. */
class Keep implements HoldingProcessor<Token> {
  readonly #kept: Token[] = [];
  #stage!: StageControl<Token>;

  constructor(readonly world: World) {}

  attach(stage: StageControl<Token>): void {
    this.#stage = stage;
  }

  process(token: Token): HoldingResult<Token> {
    this.#kept.push(token);
    if (this.#kept.length > 5) this.#give(1 + this.world.random(5));
    else this.world.clock.after(this.world.random(30), () => this.#give(1));
    return HELD;
  }

  flush(): void | Promise<void> {
    if (this.world.random(2) === 0) return this.#give(Infinity);
    return this.world.later(undefined, 10).then(() => this.#give(Infinity));
  }

  #give(count: number): void {
    for (const token of this.#kept.splice(0, count)) this.#stage.emit(token);
  }
}

/** Makes one of three. */
class Join implements HoldingProcessor<Token> {
  #kept: Token[] = [];
  #stage!: StageControl<Token>;

  constructor(readonly world: World) {}

  attach(stage: StageControl<Token>): void {
    this.#stage = stage;
  }

  process(token: Token): HoldingResult<Token> {
    this.#kept.push(token);
    if (this.#kept.length === 3) this.flush();
    return HELD;
  }

  flush(): void {
    const kept = this.#kept;
    this.#kept = [];
    const first = kept[0];
    if (first === undefined) return;
    if (kept.length === 1) this.#stage.emit(first);
    else this.#stage.emit(this.world.made(kept.flatMap(({ parts }) => parts)), kept);
  }
}

function anything(token: Token, context: EventContext, world: World): ProcessResult<Token> {
  world.checkInside(); // the accounts are right at every moment
  world.clock.spend(world.random(4));
  meddle(world);
  context.set('seen', true);
  switch (world.random(16)) {
    case 0:
      throw new RangeError('thrown');
    case 1:
      return undefined;
    case 2:
      return world.made(token.parts);
    case 3:
      return world.later(token, 50);
    case 4:
      return world.later(undefined, 50).then(() => Promise.reject(new TypeError('rejected')));
    case 5:
      return several(token, world);
    case 6:
      return severalLater(token, world);
    case 7:
      return world.later(null, 20);
    case 8:
      return world.later(token, 20).then(() => several(token, world));
    case 9:
      return 17 as unknown as Token;
    case 10:
      return world.later(world.made(token.parts), 30);
    default:
      return token;
  }
}

/** What code of users may call, from wherever it runs. */
function meddle(world: World): void {
  const { pipeline } = world;
  switch (world.random(80)) {
    case 0:
      return pipeline.throttle('c', world.random(2) === 0);
    case 1:
      return void pipeline.inject(world.made([]), pipeline.stats().stages[0]?.name ?? 'output').catch(() => {});
    case 2:
      return pipeline.resetStats();
    case 3:
      return world.emit(0, 1);
    case 4:
      if (world.random(10) === 0) pipeline.stop();
      return;
    case 5:
      if (world.random(10) === 0) pipeline.drain().catch(() => {});
      return;
    case 6:
      return pipeline.holdBack('source0', world.random(2) === 0);
    case 7:
      return world.changeChain();
  }
}

function* several(token: Token, world: World): Generator<Token, void, undefined> {
  yield world.made(token.parts);
  meddle(world);
  if (world.random(3) === 0) throw new SyntaxError('half way');
  if (world.random(5) === 0) yield 'no token' as unknown as Token;
  yield token;
}

async function* severalLater(token: Token, world: World): AsyncGenerator<Token, void, undefined> {
  yield await world.later(world.made(token.parts), 20);
  if (world.random(3) === 0) throw new SyntaxError('half way');
  if (world.random(20) === 0) yield await world.never(token);
  yield token;
}

/** Holds, and does anything with what it holds. */
class Hoard implements HoldingProcessor<Token> {
  readonly #kept = new Set<Token>();
  #stage!: StageControl<Token>;

  constructor(readonly world: World) {}

  attach(stage: StageControl<Token>): void {
    this.#stage = stage;
  }

  process(token: Token): HoldingResult<Token> {
    const { world } = this;
    meddle(world);
    switch (world.random(8)) {
      case 0:
        return token;
      case 1:
        return undefined;
      case 2:
        throw new RangeError('thrown');
      case 3:
        return world.later(world.random(2) === 0 ? token : undefined, 20);
      case 4:
        this.#stage.emit(token);
        if (world.random(2) === 0) throw new RangeError('after it was emitted');
        return HELD;
      case 5:
        this.#keep(token);
        return world.later<typeof HELD>(HELD, 20);
      default:
        this.#keep(token);
        return HELD;
    }
  }

  flush(): void | Promise<void> {
    const { world } = this;
    if (world.random(6) === 0) throw new EvalError('flush');
    if (world.random(2) === 0) for (const token of [...this.#kept]) this.#dispose(token);
    if (world.random(3) === 0) return world.later(undefined, 20);
    if (world.random(20) === 0) return world.never();
  }

  #keep(token: Token): void {
    this.#kept.add(token);
    this.world.clock.after(this.world.random(60), () => this.#dispose(token));
    if (this.#kept.size > 10) this.#dispose([...this.#kept][0] as Token);
  }

  #dispose(token: Token): void {
    if (!this.#kept.delete(token)) return;
    try {
      this.#disposeOf(token);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error; // was left behind in a flush, or is still in process
    }
  }

  #disposeOf(token: Token): void {
    const { world } = this;
    switch (world.random(7)) {
      case 0:
        return this.#stage.filter(token);
      case 1:
        return this.#stage.reject(token, 'too late');
      case 2:
        return this.#stage.fail(token, new TypeError('odd'));
      case 3:
        return void this.#stage.emit(token, [token]);
      case 4: {
        const others = [...this.#kept].slice(0, 2);
        for (const other of others) this.#kept.delete(other);
        return void this.#stage.emit(world.made([token, ...others].flatMap(({ parts }) => parts)), [token, ...others]);
      }
      case 5:
        this.#stage.emit(world.made([]), []);
    }
    this.#stage.emit(token);
  }
}
