import { UserDataProcessor, type PvObject } from 'pvaflow';

/** Which of the objects are taken: those that come n-th, or those whose id can be divided by n. */
const rules = ['count', 'id'] as const;

/**
 * Publishes one object in `n` and filters the others out, of any type: a slow channel for displays, files or thumbnails. Pixels are never
 * looked at. For every n-th pixel see `AdImageSubsample`.
 *
 * Configuration: `{ "n": 10 }`; `"by": "id"` takes the objects whose id can be divided by n, so that several consumers of one
 * stream together take what one would, and a lost frame does not shift the others.
 */
export class EveryNth extends UserDataProcessor {
  static override readonly configSchema = {
    properties: { n: { type: 'integer', minimum: 1 }, by: { enum: [...rules] } },
  };

  private n = 2;
  private by: (typeof rules)[number] = 'count';
  private nSeen = 0;
  private nPublished = 0;

  override configure({ n = this.n, by = this.by }: { n?: number; by?: (typeof rules)[number] }) {
    if (!Number.isInteger(n) || n < 1) throw new RangeError(`n must be a whole number of at least 1, found ${n}`);
    if (!rules.includes(by)) throw new RangeError(`by must be one of ${rules.join(', ')}, found ${String(by)}`);
    this.n = n;
    this.by = by;
  }

  override process(object: PvObject) {
    const number = this.by === 'count' ? this.nSeen : this.idOf(object);
    this.nSeen++;
    if (number % this.n !== 0) return null;
    this.nPublished++;
    this.updateOutputChannel(object);
    return object;
  }

  /** The type alone: the first object may be one that is left out. */
  override getOutputPvObjectType(object: PvObject) {
    return object.type;
  }

  override resetStats() {
    this.nSeen = this.nPublished = 0;
  }

  override getStats() {
    return { nSeen: this.nSeen, nPublished: this.nPublished };
  }

  override getStatsPvaTypes() {
    return { nSeen: 'ulong', nPublished: 'ulong' } as const;
  }

  private idOf(object: PvObject): number {
    const id = object.get<number | bigint>(this.objectIdField);
    return typeof id === 'bigint' ? Number(id % BigInt(this.n)) : id;
  }
}
