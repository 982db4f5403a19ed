import { readFileSync, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { messageOf, PvaflowError } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import { rsaKeysOf, type KeyKind, type RsaKey } from './rsa-keys.js';

/** How often a file is looked at for new keys. */
const LOOK_MS = 1000;

/** RSA keys in a PEM file, which are read again when the file changes. A file that cannot be read then changes nothing. */
export class KeyFile {
  /** At least one. */
  keys: readonly RsaKey[];
  #version: string;
  #lookedAt = Date.now();

  /** @throws {PvaflowError} PVAFLOW_KEY naming the file and what is wrong with it */
  constructor(
    readonly path: string,
    readonly kind: KeyKind,
    readonly logger: Logger,
    /** Called when there are other keys. */
    readonly onChange: () => void,
  ) {
    this.#version = this.#find();
    this.keys = this.#read();
  }

  /** The first, for who needs one. */
  get key(): RsaKey {
    return this.keys[0] as RsaKey;
  }

  /** To be called often: looks from time to time whether the file is another, without waiting for it. */
  look(): void {
    const now = Date.now();
    if (Math.abs(now - this.#lookedAt) < LOOK_MS) return;
    this.#lookedAt = now;
    stat(this.path, { bigint: true }).then(
      (found) => this.#compare(versionOf(found)),
      (error: unknown) => this.#compare(`absent: ${messageOf(error)}`),
    );
  }

  #compare(version: string): void {
    if (version === this.#version) return;
    this.#version = version;
    try {
      this.keys = this.#read();
    } catch (error) {
      this.logger.warn(`the keys before stay in use: ${messageOf(error)}`);
      return;
    }
    this.logger.info(`key file ${this.path} was read again`);
    this.onChange();
  }

  #find(): string {
    try {
      return versionOf(statSync(this.path, { bigint: true }));
    } catch (error) {
      throw new PvaflowError('PVAFLOW_KEY', `key file ${this.path} cannot be read: ${messageOf(error)}`);
    }
  }

  #read(): readonly RsaKey[] {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (error) {
      throw new PvaflowError('PVAFLOW_KEY', `key file ${this.path} cannot be read: ${messageOf(error)}`);
    }
    const keys = rsaKeysOf(text, this.kind, this.path);
    if (this.kind === 'private') this.#warnOfReaders();
    return keys;
  }

  #warnOfReaders(): void {
    if (process.platform === 'win32') return;
    const mode = statSync(this.path).mode & 0o777;
    if ((mode & 0o077) === 0) return;
    const found = mode.toString(8).padStart(3, '0');
    this.logger.warn(`private key ${this.path} is open to others (mode ${found}): chmod 600 ${this.path}`);
  }
}

function versionOf({ ino, size, mtimeNs }: { ino: bigint; size: bigint; mtimeNs: bigint }): string {
  return `${ino} ${size} ${mtimeNs}`;
}
