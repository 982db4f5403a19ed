import type { Series } from './growth.js';
import type { Plant } from './plant.js';
import { childrenOf, processFigures } from './process-figures.js';
import type { Service } from './services.js';

/** What Node tells of itself, by its name there, and what it is called here; heaps are in MB. */
const NODE_FIGURES: readonly (readonly [name: string, title: string, unit: number])[] = [
  ['nodejs_heap_size_used_bytes', 'heap', 2 ** 20],
  ['nodejs_external_memory_bytes', 'external', 2 ** 20],
  ['nodejs_active_resources_total', 'handles and timers', 1],
];

/** Follows figures of processes over time. A process that is started again begins anew. */
export class Watch {
  readonly #began = performance.now();
  readonly #series = new Map<string, Map<string, Series>>();

  /** Reads all figures of this moment. */
  async sample(plant: Plant): Promise<void> {
    for (const service of servicesOf(plant)) {
      this.#sampleProcess(service.name, service.peer.pid);
      childrenOf(service.peer.pid).forEach((pid) => this.#sampleProcess(`${service.name}, child ${pid}`, pid));
      await this.#sampleNode(service);
    }
    this.#sampleProcess('this program', process.pid);
  }

  /** The figures of each process, by its name. */
  get series(): ReadonlyMap<string, ReadonlyMap<string, Series>> {
    return this.#series;
  }

  #sampleProcess(name: string, pid: number): void {
    for (const [figure, value] of Object.entries(processFigures(pid) ?? {})) this.#note(name, figure, value as number);
  }

  async #sampleNode({ name, metrics }: Service): Promise<void> {
    if (metrics === undefined) return;
    const text = await fetch(metrics)
      .then((answer) => answer.text())
      .catch(() => ''); // it is being started
    for (const [figure, title, unit] of NODE_FIGURES)
      for (const [, labels = '', value] of text.matchAll(new RegExp(`^${figure}(\\{.*\\})? (\\S+)$`, 'gm')))
        this.#note(`${name} ${labels}`.trim(), title, Number(value) / unit);
  }

  #note(process: string, figure: string, value: number): void {
    const figures = entryOf(this.#series, process, () => new Map<string, Series>());
    const { hours, values } = entryOf(figures, figure, () => ({ hours: [], values: [] }));
    hours.push((performance.now() - this.#began) / 3_600_000);
    values.push(value);
  }
}

function servicesOf({ source, consumers, collector, mirror, hdf5, tiff, join, top }: Plant): Service[] {
  return [source, consumers, collector, mirror, hdf5, tiff, join, top];
}

function entryOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
