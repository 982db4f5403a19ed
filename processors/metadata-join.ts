import {
  AdImageProcessor,
  imageHeader,
  joinedAttribute,
  joinMethods,
  MetadataJoiner,
  type JoinedAttribute,
  type JoinMatches,
  type JoinMethod,
  type JoinRule,
  type NtNdArray,
} from 'pvaflow';

/** What may be said of one channel; what is not said is as for all. */
interface ChannelConfig {
  timestampTolerance?: number;
  metadataTimestampOffset?: number;
  method?: JoinMethod;
  /** Name of the attribute; by default that of the channel. */
  attribute?: string;
}

interface JoinConfig extends Omit<ChannelConfig, 'attribute'> {
  maxWait?: number;
  unmatched?: (typeof policies)[number];
  timestampField?: 'timeStamp' | 'dataTimeStamp';
  channels?: Record<string, ChannelConfig>;
}

const policies = ['pass', 'drop', 'hold', 'fail'] as const;

/** Name of the attribute that names the channels for which nothing was found. */
const MARK = 'MetadataUnmatched';

/**
 * Gives each frame what the metadata channels (`--metadata-channels`) had to say at its time, as attributes. An attribute has
 * the value with its own type, the time stamp and the alarm of the metadata, and in its tags `timeDifference`, in seconds.
 *
 * Configuration, all of it optional, times in seconds:
 *
 * - `timestampTolerance` (0.001): how far metadata may be from the frame.
 * - `metadataTimestampOffset` (0): added to the times of the metadata before they are compared.
 * - `method`: `nearest` in time; `linear`: numbers are interpolated, as doubles; `last`: the last up to the frame, however old,
 *   for channels that speak only when they change.
 * - `maxWait` (0.5): how long a frame waits for metadata that may still be on the way. 0: it is joined with what is there.
 * - `unmatched`: what happens to a frame for which a channel has nothing. `pass`: it goes on with the attribute
 *   `MetadataUnmatched`, which names the channels; `drop`: it is filtered out; `fail`: it counts as failed; `hold`: it waits
 *   for as long as metadata may come, and then passes.
 * - `timestampField`: `timeStamp` or `dataTimeStamp` of the frame.
 * - `channels`: `{ "x:energy": { "method": "last", "attribute": "Energy" } }`, for single channels.
 */
export class MetadataJoin extends AdImageProcessor {
  static override readonly needsOrder = true;
  private config: JoinConfig = {};
  private joiner: MetadataJoiner | undefined;
  private joined = { frames: 0, errors: 0, values: 0, dropped: 0, milliseconds: 0 };

  override configure(config: JoinConfig) {
    check(config);
    for (const channel of Object.values(config.channels ?? {})) check(channel);
    this.config = { ...this.config, ...config };
    this.applyConfig();
  }

  override process(frame: NtNdArray) {
    const header = imageHeader(frame);
    if (header.nDimensions === 0) return frame; // the record that a server begins with
    const { seconds, nanoseconds } =
      this.config.timestampField === 'dataTimeStamp'
        ? { seconds: header.dataSeconds, nanoseconds: header.dataNanoseconds }
        : header;
    if (!(seconds > 0)) throw new RangeError(`the frame has no ${this.config.timestampField ?? 'timeStamp'}`);
    const startedAt = performance.now();
    const joiner = (this.joiner ??= this.newJoiner(seconds));
    const matches = joiner.match((seconds - joiner.originSeconds) * 1e9 + nanoseconds);
    if (matches instanceof Promise) return matches.then((found) => this.finish(frame, found, performance.now()));
    return this.finish(frame, matches, startedAt);
  }

  override stop() {
    this.joiner?.close();
  }

  override resetStats() {
    this.joined = { frames: 0, errors: 0, values: 0, dropped: 0, milliseconds: 0 };
    this.joiner?.resetStats();
  }

  override getStats() {
    const { frames, errors, values, dropped, milliseconds } = this.joined;
    const processingTime = milliseconds / 1000;
    const rate = (count: number) => (processingTime > 0 ? count / processingTime : 0);
    return {
      nFramesProcessed: wrapped(frames),
      nFrameErrors: wrapped(errors),
      nMetadataProcessed: wrapped(values),
      nMetadataDiscarded: wrapped(this.joiner?.discarded ?? 0),
      processingTime,
      processedFrameRate: rate(frames),
      frameErrorRate: rate(errors),
      nFramesWaited: wrapped(this.joiner?.waited ?? 0),
      nFramesDropped: wrapped(dropped),
    };
  }

  override getStatsPvaTypes() {
    return {
      nFramesProcessed: 'uint',
      nFrameErrors: 'uint',
      nMetadataProcessed: 'uint',
      nMetadataDiscarded: 'uint',
      processingTime: 'double',
      processedFrameRate: 'double',
      frameErrorRate: 'double',
      nFramesWaited: 'uint',
      nFramesDropped: 'uint',
    } as const;
  }

  private newJoiner(originSeconds: number) {
    const { metadataQueueMap: queues, logger } = this;
    const joiner = new MetadataJoiner({ queues, ruleOf: (channel) => this.ruleOf(channel), logger }, originSeconds);
    joiner.maxWaitMs = this.maxWaitMs;
    return joiner;
  }

  private applyConfig() {
    if (this.joiner === undefined) return;
    this.joiner.maxWaitMs = this.maxWaitMs;
    this.joiner.updateRules();
  }

  private get maxWaitMs() {
    return this.config.unmatched === 'hold' ? Infinity : (this.config.maxWait ?? 0.5) * 1000;
  }

  private ruleOf(channel: string): JoinRule {
    const { timestampTolerance, metadataTimestampOffset, method } = {
      ...this.config,
      ...this.config.channels?.[channel],
    };
    return {
      method: method ?? 'nearest',
      tolerance: Math.round((timestampTolerance ?? 0.001) * 1e9),
      offset: Math.round((metadataTimestampOffset ?? 0) * 1e9),
    };
  }

  /** Writes what was found into the frame, and does with it what is wanted when something was not. */
  private finish(frame: NtNdArray, matches: JoinMatches, startedAt: number) {
    const channels = this.joiner?.channels ?? [];
    const attributes: JoinedAttribute[] = [];
    const unmatched: string[] = [];
    matches.forEach((match, i) => {
      const name = channels[i]?.name ?? '';
      const attribute = joinedAttribute(match, this.config.channels?.[name]?.attribute ?? name, name);
      if (attribute === undefined) unmatched.push(name);
      else attributes.push(attribute);
    });
    this.joined.values += attributes.length;
    if (unmatched.length === 0) this.joined.frames += 1;
    else this.joined.errors += 1;
    frame.joinAttributes(attributes);
    const result = unmatched.length === 0 ? frame : this.decide(frame, unmatched);
    if (result !== null) this.updateOutputChannel(frame);
    this.joined.milliseconds += performance.now() - startedAt;
    return result;
  }

  private decide(frame: NtNdArray, unmatched: readonly string[]) {
    const names = unmatched.join(',');
    if (this.config.unmatched === 'fail') throw new Error(`no metadata of ${names} at the time of the frame`);
    if (this.config.unmatched === 'drop') {
      this.joined.dropped += 1;
      return null;
    }
    return frame.setAttribute(MARK, names, {
      descriptor: 'Metadata channels without a value at the time of the frame',
    });
  }
}

function check(config: JoinConfig) {
  for (const name of ['timestampTolerance', 'maxWait'] as const) checkNumber(name, config[name], 0);
  checkNumber('metadataTimestampOffset', config.metadataTimestampOffset, -Infinity);
  checkChoice('method', config.method, joinMethods);
  checkChoice('unmatched', config.unmatched, policies);
  checkChoice('timestampField', config.timestampField, ['timeStamp', 'dataTimeStamp']);
}

function checkNumber(name: string, value: unknown, least: number) {
  if (value === undefined || (typeof value === 'number' && Number.isFinite(value) && value >= least)) return;
  throw new RangeError(
    `${name} must be a number of seconds${least === 0 ? ' from 0 on' : ''}, not ${JSON.stringify(value)}`,
  );
}

function checkChoice(name: string, value: unknown, choices: readonly string[]) {
  if (value === undefined || choices.includes(value as string)) return;
  throw new RangeError(`${name} must be ${choices.join(', ')}, not ${JSON.stringify(value)}`);
}

/** Counts are 32 bits wide on the status channel: after 2^32 they begin again with 0. */
function wrapped(count: number) {
  return count >>> 0;
}
