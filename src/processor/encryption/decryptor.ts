import type { Logger } from '../../core/logger.js';
import type { PvObject } from '../../pva/pv-object.js';
import { configError, pick } from './config-error.js';
import { Envelope, isEmptyRecord, type KeyHeader } from './encrypted-data.js';
import { KeyFile } from './key-file.js';
import { OpenedKey, type OpeningKeys } from './opened-key.js';
import { RefusedError } from './refused-error.js';
import { publicHalf } from './rsa-keys.js';
import { Streams } from './streams.js';

/** Configuration of a decryptor. See docs/reference/processors.md. */
export interface DecryptorConfig {
  /** PEM file with the private RSA keys that records may be encrypted for. */
  privateKeyFilePath?: string;
  /** Whether the signature is verified; false by default. */
  verify?: boolean | 1 | 0;
  /** PEM file with the public RSA keys of the signers. Without it: the public half of the private keys, as with pvaPy. */
  signerPublicKeyFilePath?: string;
  /** For how many seconds after it was made a key is accepted; 86,400 by default, 0 for ever. */
  maxKeyAge?: number;
  /** How many records behind the newest of its stream one may come; 0 by default. */
  reorderWindow?: number;
  /** How many encryptors the records come from; 1 by default. */
  streams?: number;
}

const LIMITS = { reorderWindow: 65_536, streams: 1024 } as const;
const DEFAULTS = { verify: false, maxKeyAge: 86_400, reorderWindow: 0, streams: 1 } as const;
type Config = DecryptorConfig & Required<Pick<DecryptorConfig, keyof typeof DEFAULTS>>;
/** Keys that are kept for each stream: the present one, and the one before for records that are late. */
const KEYS_PER_STREAM = 2;

/** JSON Schema of the configuration. */
export const decryptorSchema = {
  properties: {
    privateKeyFilePath: { type: 'string', minLength: 1 },
    verify: { enum: [true, false, 1, 0] }, // the numbers as in pvaPy's guide
    signerPublicKeyFilePath: { type: 'string', minLength: 1 },
    maxKeyAge: { type: 'number', minimum: 0 },
    reorderWindow: { type: 'integer', minimum: 0, maximum: LIMITS.reorderWindow },
    streams: { type: 'integer', minimum: 1, maximum: LIMITS.streams },
  },
} as const;

/** Decrypts the records of an encryptor, or of several. */
export class Decryptor {
  #config: Config = DEFAULTS;
  #files: { readonly own: KeyFile; readonly signers: KeyFile | undefined } | undefined;
  #streams = new Streams({ most: DEFAULTS.streams, tolerance: DEFAULTS.reorderWindow });
  /** The one that was used last comes first. */
  #keys: OpenedKey[] = [];

  constructor(
    readonly logger: Logger,
    readonly now: () => number = Date.now,
  ) {}

  /**
   * Takes what is given of a configuration; the rest stays as it was. Which records came before is remembered, unless
   * `reorderWindow` or `streams` change.
   *
   * @throws {PvaflowError} PVAFLOW_KEY and PVAFLOW_PROCESSOR_CONFIG; then all stays as it was
   */
  configure(config: DecryptorConfig): void {
    const wanted = { ...this.#config, ...pick(config, decryptorSchema.properties) };
    check(wanted);
    this.#files = this.#readFiles(wanted);
    const { streams: most, reorderWindow: tolerance } = wanted;
    const { options } = this.#streams;
    if (most !== options.most || tolerance !== options.tolerance) this.#streams = new Streams({ most, tolerance });
    this.#config = wanted;
    this.#keys = [];
  }

  /** @throws {PvaflowError} PVAFLOW_PROCESSOR_CONFIG when it was not configured */
  start(): void {
    if (this.#files === undefined) throw configError('privateKeyFilePath');
  }

  /**
   * The object in a record; undefined for the empty record that a channel begins with.
   *
   * @param accepts whether an object is of the kind that is wanted
   * @throws {RefusedError} when it must not be trusted or cannot be read
   */
  decrypt(record: PvObject, accepts: (object: PvObject) => boolean = () => true): PvObject | undefined {
    this.#files?.own.look();
    this.#files?.signers?.look();
    if (isEmptyRecord(record)) return undefined;
    const envelope = Envelope.read(record);
    const { counter } = envelope;
    if (counter === undefined) throw new RefusedError('format', 'its counter is too large');
    const key = this.#keyOf(envelope);
    const object = key.open(record, envelope);
    try {
      this.#mustBeFresh(key.header);
      this.#streams.take(key.header, counter);
      if (!accepts(object)) throw new RefusedError('content', 'it is not of the type that is wanted');
    } catch (error) {
      object.release();
      throw error;
    }
    this.#remember(key);
    return object;
  }

  #keyOf(envelope: Envelope): OpenedKey {
    return (
      this.#keys.find((known) => known.envelope.hasKeyOf(envelope)) ?? new OpenedKey(envelope, this.#openingKeys())
    );
  }

  #openingKeys(): OpeningKeys {
    if (this.#files === undefined) throw configError('privateKeyFilePath');
    const { own, signers } = this.#files;
    const known = signers?.keys ?? own.keys.map(publicHalf);
    return { own: own.keys, signers: this.#config.verify ? known : undefined };
  }

  /** Only keys of genuine records are kept. */
  #remember(key: OpenedKey): void {
    if (this.#keys[0] === key) return;
    this.#keys = [key, ...this.#keys.filter((other) => other !== key)];
    this.#keys.length = Math.min(this.#keys.length, KEYS_PER_STREAM * this.#config.streams);
  }

  #mustBeFresh({ keyMadeAt }: KeyHeader): void {
    const { maxKeyAge } = this.#config;
    const age = (this.now() - keyMadeAt) / 1000;
    if (maxKeyAge === 0 || Math.abs(age) <= maxKeyAge) return;
    const when = age > 0 ? `${Math.round(age)} s ago` : `${Math.round(-age)} s from now`;
    throw new RefusedError('stale', `its key was made ${when}; maxKeyAge is ${maxKeyAge}. Are both clocks right?`);
  }

  #readFiles({ privateKeyFilePath, signerPublicKeyFilePath, verify }: Config) {
    if (privateKeyFilePath === undefined) throw configError('privateKeyFilePath');
    const changed = () => (this.#keys = []);
    const own = new KeyFile(privateKeyFilePath, 'private', this.logger, changed);
    const hasSigners = verify && signerPublicKeyFilePath !== undefined;
    const signers = hasSigners ? new KeyFile(signerPublicKeyFilePath, 'public', this.logger, changed) : undefined;
    return { own, signers };
  }
}

function check(config: Config): void {
  const { verify, maxKeyAge } = config;
  if (![true, false, 1, 0].includes(verify))
    throw configError(`verify to be true or false, not ${JSON.stringify(verify)}`);
  if (!(typeof maxKeyAge === 'number' && maxKeyAge >= 0))
    throw configError(`maxKeyAge to be seconds from 0 on, not ${JSON.stringify(maxKeyAge)}`);
  for (const [key, least] of [
    ['reorderWindow', 0],
    ['streams', 1],
  ] as const) {
    const value: unknown = config[key];
    if (!(Number.isInteger(value) && (value as number) >= least && (value as number) <= LIMITS[key]))
      throw configError(`${key} to be a whole number from ${least} to ${LIMITS[key]}, not ${JSON.stringify(value)}`);
  }
}
