import { ManualSource } from '../fakes.js';
import type { SourcePlan } from './plan.js';
import type { Token, World } from './world.js';

/** A source that starts, and gives what it has, as well or badly as the plan says. */
export class SimSource extends ManualSource<Token> {
  #nextId = 0;

  constructor(
    readonly index: number,
    readonly plan: SourcePlan,
    readonly world: World,
  ) {
    super();
  }

  override start(onReadable: () => void): void | Promise<void> {
    void super.start(onReadable);
    switch (this.plan.start) {
      case 'at once':
        return;
      case 'later':
        return this.world.later(undefined, 30);
      case 'throws':
        throw new URIError('start');
      case 'rejects':
        return Promise.reject(new URIError('start'));
      case 'rejects later':
        return this.world.later(undefined, 30).then(() => Promise.reject(new URIError('start')));
      case 'never':
        return new Promise(() => {});
    }
  }

  override take(max: number): Token[] {
    this.#mayFail('take', 20);
    const taken = super.take(max);
    if (taken.length > max) this.world.violations.push(`${taken.length} events were given of ${max}`);
    return taken;
  }

  override pause(): void {
    super.pause();
    this.#mayFail('pause', 4);
  }

  override close(): void {
    super.close();
    this.#mayFail('close', 4);
  }

  /** So many events come. */
  come(count: number): Token[] {
    const tokens = Array.from({ length: count }, () => ({ parts: [this.#nextPart()], released: 0 }));
    this.emit(...tokens);
    return tokens;
  }

  #mayFail(method: string, oneIn: number): void {
    if (this.plan.isBroken && this.world.random(oneIn) === 0) throw new URIError(method);
  }

  #nextPart(): Token['parts'][number] {
    const id = this.#nextId;
    this.#nextId += 1;
    return { source: this.index, id, weight: 1, path: '' };
  }
}
