import type { RestartPolicy } from '../../supervisor/backoff.js';
import { childModule } from '../../supervisor/child-module.js';
import type { ChildEnd, ChildStats } from '../../supervisor/child-spec.js';
import type { SupervisedChild } from '../../supervisor/supervised-child.js';
import type { Supervisor } from '../../supervisor/supervisor.js';
import type { ConsumerConfig } from '../consumer-config.js';
import type { UserTypes } from '../consumer-status.js';
import type { ConsumerSnapshot } from '../consumer.js';
import type { LossReport } from '../loss-report.js';
import type { PartAccount } from './chain-report.js';
import type { LinkPorts, PartPlace } from './part-config.js';
import { PartRecord } from './part-record.js';
import {
  COMMAND_REQUEST,
  RUN_REQUEST,
  SETUP_REQUEST,
  type CommandAnswer,
  type PartAddress,
  type PartRun,
  type PartTaskShape,
} from './part-task.js';

/** A part has so long for a command: to replace a processor takes as long as the one before needs for what it has in work. */
const COMMAND_TIMEOUT_MS = 30_000;

/** When a part that crashed is started again. */
export type PartRestart = Partial<RestartPolicy>;

/** How one part is at a moment. */
export interface PartState {
  readonly consumerId: number;
  /** Names of its processors; empty until it has its place. */
  readonly stages: readonly string[];
  readonly child: ChildStats;
  /** What it said last; undefined before the first statistics and after a crash. */
  readonly snapshot: ConsumerSnapshot | undefined;
  /** Its account so far, over all restarts; undefined before the first statistics. */
  readonly report: LossReport | undefined;
}

export interface PartOptions {
  /** The name of the child. */
  readonly name: string;
  /** Of the whole chain. */
  readonly chain: ConsumerConfig;
  readonly place: PartPlace;
  /** How far ids are apart, as they come in; undefined where gaps between them say nothing. */
  readonly step: number | undefined;
  /** The port of the part before; asked when it is started again. */
  readonly inputPort: () => number | undefined;
  /** Called with all statistics; `hasProgressed` when something has come to its end since. */
  readonly onStats: (hasProgressed: boolean) => void;
  /** Called when it was started again, and has its place. */
  readonly onReplaced: () => void;
  readonly onEnd: (end: ChildEnd) => void;
}

/** One part of a chain that was cut, as the parent knows it: its child process, and what that has said. */
export class Part {
  readonly child: SupervisedChild<PartTaskShape>;
  readonly record: PartRecord;
  /** The names of its stages; empty until it has its place. */
  stages: readonly string[] = [];
  userTypes: UserTypes = { byStage: {}, shownStage: '' };
  address: PartAddress | undefined;
  /** Where the input channel is looked for. */
  search: string | undefined;
  end: ChildEnd | undefined;
  readonly #options: PartOptions;
  #wishedNames: readonly string[] = [];

  /** Starts the child. */
  constructor(supervisor: Supervisor, options: PartOptions) {
    this.#options = options;
    this.record = new PartRecord(options.step);
    const { name, chain, place } = options;
    const setup = () => (this.address === undefined ? undefined : { names: this.stages, ports: this.#ports });
    this.child = supervisor.start<PartTaskShape>({
      name,
      module: childModule(import.meta.url, 'part-task'),
      // read each time it is started: then it asks for the port that the next part knows
      get config() {
        return { chain, place, setup: setup() };
      },
      onReady: (info) => this.#onReady(info),
      onStats: (stats) => this.#onStats(stats),
      onReport: (report) => this.record.onReport(report),
      onCrash: () => this.record.onCrash(),
    });
    void this.child.ended.then((end) => {
      this.end = end;
      this.record.onEnd(end.outcome === 'killed');
      options.onEnd(end);
    });
  }

  /** The names that its stages would have if there were no others; once it is ready. */
  get wishedNames(): readonly string[] {
    return this.#wishedNames;
  }

  /** It takes its place between the others. */
  async setUp(names: readonly string[]): Promise<void> {
    this.stages = names;
    this.address = (await this.child.request(SETUP_REQUEST, { names, ports: this.#ports })) as PartAddress;
  }

  /** It begins. */
  async run(): Promise<void> {
    const { search, userTypes } = (await this.child.request(RUN_REQUEST)) as PartRun;
    this.search = search;
    this.userTypes = userTypes;
  }

  /** @returns the answer. @throws what went wrong; PVAFLOW_CHILD when the part does not answer, as its processor blocks */
  async command(name: string, args: string): Promise<string> {
    const request = this.child.request(COMMAND_REQUEST, { name, args }, COMMAND_TIMEOUT_MS);
    const answer = (await request) as CommandAnswer;
    this.userTypes = answer.userTypes;
    return answer.message;
  }

  state(consumerId: number): PartState {
    const { stages, child, record } = this;
    return { consumerId, stages, child: child.stats(), snapshot: record.latest?.snapshot, report: record.report() };
  }

  account(): PartAccount | undefined {
    const report = this.record.report();
    if (report === undefined) return undefined;
    const { nRestarts, lastExit } = this.child.stats();
    const { coverage, inWorkAtDeaths, arrived, deaths, isSettled, isIncomplete } = this.record;
    return {
      report: { ...report, stages: this.stages, nRestarts, lastExit },
      ...{ coverage, inWorkAtDeaths, arrived, deaths, isSettled },
      knowsIds: !isIncomplete && coverage.firstId !== undefined,
    };
  }

  get #ports(): LinkPorts {
    return { input: this.#options.inputPort(), output: this.address?.port };
  }

  #onReady({ names, address }: PartTaskShape['info']): void {
    this.#wishedNames = names;
    if (address === undefined) return;
    this.address = address;
    this.#options.onReplaced();
  }

  #onStats(stats: PartTaskShape['stats']): void {
    const before = this.record.settled;
    this.record.onStats(stats);
    this.#options.onStats(this.record.settled !== before);
  }
}
