import { randomBytes } from 'node:crypto';
import type { Logger } from '../../core/logger.js';
import { PvObject } from '../../pva/pv-object.js';
import { CIPHERS, type Cipher } from '../../pva/sealing.js';
import type { PvType } from '../../pva/pv-type.js';
import { configError, pick } from './config-error.js';
import { recordType } from './encrypted-data.js';
import { fasterCipher } from './faster-cipher.js';
import { KeyFile } from './key-file.js';
import { publicHalf } from './rsa-keys.js';
import { SessionKey, type KeyLimits } from './session-key.js';

/** Configuration of an encryptor. See docs/reference/processors.md. */
export interface EncryptorConfig {
  /** PEM file with the public RSA key of who is to decrypt. Without it: the public half of the private key, as with pvaPy. */
  publicKeyFilePath?: string;
  /** PEM file with the private RSA key that signs. */
  privateKeyFilePath?: string;
  /** Whether keys are signed; false by default. */
  sign?: boolean | 1 | 0;
  /** `auto`, by default: the one that this machine is faster with. */
  cipher?: Cipher | 'auto';
  /** After how many frames a new key is drawn; 1,000,000 by default. */
  keyFrames?: number;
  /** After how many bytes; 2^38 (256 GiB) by default. */
  keyBytes?: number;
  /** After how many seconds; 3600 by default. */
  keySeconds?: number;
}

/** Limits of what may be configured: for AES-GCM, one key for 2^32 records and 2^42 bytes is well on the safe side. */
const LIMITS = { keyFrames: [1, 2 ** 32], keyBytes: [1, 2 ** 42], keySeconds: [1, 86_400] } as const;
const DEFAULTS = { sign: false, cipher: 'auto', keyFrames: 1_000_000, keyBytes: 2 ** 38, keySeconds: 3600 } as const;

type Config = EncryptorConfig & Required<Pick<EncryptorConfig, keyof typeof DEFAULTS>>;
const NEEDED = 'publicKeyFilePath (or privateKeyFilePath, of which the public half is used)';

/** JSON Schema of the configuration. */
export const encryptorSchema = {
  properties: {
    publicKeyFilePath: { type: 'string', minLength: 1 },
    privateKeyFilePath: { type: 'string', minLength: 1 },
    sign: { enum: [true, false, 1, 0] }, // the numbers as in pvaPy's guide
    cipher: { enum: ['auto', ...CIPHERS] },
    keyFrames: { type: 'integer', minimum: LIMITS.keyFrames[0], maximum: LIMITS.keyFrames[1] },
    keyBytes: { type: 'integer', minimum: LIMITS.keyBytes[0], maximum: LIMITS.keyBytes[1] },
    keySeconds: { type: 'number', minimum: LIMITS.keySeconds[0], maximum: LIMITS.keySeconds[1] },
  },
} as const;

/** Where randomness and time come from: replaced in tests alone. */
export interface EncryptorSources {
  random(size: number): Buffer;
  now(): number;
}

/**
 * Encrypts objects into records, as docs/reference/encryption-format.md says. Each encryptor is a stream of its own, whose
 * records are counted. A key is drawn for the first object, and again when it is used up or the key files are others.
 */
export class Encryptor {
  #config: Config = DEFAULTS;
  #files: { readonly recipient: KeyFile; readonly signer: KeyFile | undefined } | undefined;
  #key: SessionKey | undefined;
  #keyNumber = 0;
  #counter = 0;
  readonly #stream: Buffer;
  readonly #startedAt: number;

  constructor(
    readonly logger: Logger,
    readonly sources: EncryptorSources = { random: randomBytes, now: Date.now },
  ) {
    this.#stream = sources.random(16);
    this.#startedAt = sources.now();
  }

  /** How many keys have been drawn. */
  get keys(): number {
    return this.#keyNumber;
  }

  /**
   * Takes what is given of a configuration; the rest stays as it was. The next object is encrypted with a new key.
   *
   * @throws {PvaflowError} PVAFLOW_KEY and PVAFLOW_PROCESSOR_CONFIG; then all stays as it was
   */
  configure(config: EncryptorConfig): void {
    const wanted = { ...this.#config, ...pick(config, encryptorSchema.properties) };
    check(wanted);
    this.#files = this.#readFiles(wanted);
    this.#config = wanted;
    this.#key = undefined;
  }

  /** @throws {PvaflowError} PVAFLOW_PROCESSOR_CONFIG when it was not configured */
  start(): void {
    if (this.#files === undefined) throw configError(NEEDED);
  }

  /** The type of the records of objects that are like this one. */
  recordType(object: PvObject, idField: string): PvType {
    return recordType(object.has(idField) ? object.typeName(idField) : undefined);
  }

  /**
   * The record of an object.
   *
   * @param idField the record has the id in this field; without one, the count of the record
   */
  encrypt(object: PvObject, idField: string): PvObject {
    const key = this.#currentKey();
    const counter = this.#nextCounter();
    const typeName = object.has(idField) ? object.typeName(idField) : undefined;
    const id = typeName === undefined ? counter : idOf(object, idField);
    const record = new PvObject(recordType(typeName), { objectId: id });
    key.seal(object, BigInt(id), counter, record);
    return record;
  }

  #readFiles(config: Config) {
    const { publicKeyFilePath, privateKeyFilePath, sign } = config;
    const changed = () => (this.#key = undefined);
    const file = (path: string, kind: 'private' | 'public') => new KeyFile(path, kind, this.logger, changed);
    const needsPrivate = sign || publicKeyFilePath === undefined;
    const own = needsPrivate && privateKeyFilePath !== undefined ? file(privateKeyFilePath, 'private') : undefined;
    const recipient = publicKeyFilePath === undefined ? own : file(publicKeyFilePath, 'public');
    if (recipient === undefined) throw configError(NEEDED);
    if (sign && own === undefined) throw configError('privateKeyFilePath, because sign is true');
    return { recipient, signer: sign ? own : undefined };
  }

  #nextCounter(): number {
    if (this.#counter >= Number.MAX_SAFE_INTEGER) throw new RangeError('the records of this stream are used up');
    return ++this.#counter;
  }

  #currentKey(): SessionKey {
    const { keyFrames: frames, keyBytes: bytes, keySeconds: seconds } = this.#config;
    const limits: KeyLimits = { frames, bytes, seconds };
    this.#files?.recipient.look();
    this.#files?.signer?.look();
    if (this.#key === undefined || this.#key.isUsedUp(limits, this.sources.now())) this.#key = this.#newKey();
    return this.#key;
  }

  #newKey(): SessionKey {
    if (this.#files === undefined) throw configError(NEEDED);
    const { recipient, signer } = this.#files;
    const { cipher } = this.#config;
    this.#keyNumber += 1;
    return new SessionKey({
      secret: this.sources.random(32),
      header: {
        cipher: cipher === 'auto' ? fasterCipher() : cipher,
        stream: this.#stream,
        startedAt: this.#startedAt,
        keyMadeAt: this.sources.now(),
        keyNumber: this.#keyNumber,
      },
      recipient: recipient.kind === 'private' ? publicHalf(recipient.key) : recipient.key,
      signer: signer?.key,
    });
  }
}

function idOf(object: PvObject, field: string): number | bigint {
  const id = object.get<unknown>(field);
  if (typeof id === 'bigint' || Number.isSafeInteger(id)) return id as number | bigint;
  throw new RangeError(`field ${field} is no whole number, so it is no id (--oid-field names another)`);
}

function check(config: Config): void {
  for (const [key, [least, most]] of Object.entries(LIMITS)) {
    const value = config[key as keyof typeof LIMITS] as unknown;
    if (!(typeof value === 'number' && value >= least && value <= most))
      throw configError(`${key} from ${least} to ${most}, not ${JSON.stringify(value)}`);
  }
  const { sign, cipher } = config;
  if (![true, false, 1, 0].includes(sign)) throw configError(`sign to be true or false, not ${JSON.stringify(sign)}`);
  if (cipher !== 'auto' && !CIPHERS.includes(cipher))
    throw configError(`cipher to be one of auto, ${CIPHERS.join(', ')}, not ${JSON.stringify(cipher)}`);
}
