import {
  Decryptor,
  decryptorSchema,
  REFUSALS,
  RefusedError,
  UserDataProcessor,
  type DecryptorConfig,
  type PvObject,
  type Refusal,
} from 'pvaflow';

/**
 * Decrypts what `DataEncryptor` encrypted, and publishes the objects as they were. What was changed on the way, came before,
 * comes out of order or is not for this key is refused: it fails, is counted by the reason, and nothing is published.
 *
 * Configuration: `privateKeyFilePath`, a PEM file with one's own private keys; `"verify": true` to accept signed records alone,
 * with `signerPublicKeyFilePath`, the public keys of the signers. Others: docs/reference/processors.md.
 *
 * The ids of encrypted records are in the field `objectId`: run it with `--oid-field objectId`.
 */
export class DataDecryptor extends UserDataProcessor {
  static override readonly configSchema = decryptorSchema;

  private readonly decryptor = new Decryptor(this.logger);
  private nDecrypted = 0;
  private milliseconds = 0;
  private refused = noRefusals();

  override configure(config: DecryptorConfig) {
    this.decryptor.configure(config);
  }

  override start() {
    this.decryptor.start();
  }

  override process(record: PvObject) {
    const object = this.decrypt(record);
    if (object !== undefined) this.updateOutputChannel(object);
    return object;
  }

  /** The output channel is there with the first object: before, nobody knows its type. */
  override getOutputPvObjectType(_record: PvObject): PvObject | null {
    return null;
  }

  override resetStats() {
    this.nDecrypted = this.milliseconds = 0;
    this.refused = noRefusals();
  }

  override getStats() {
    const processingTime = this.milliseconds / 1000;
    const processingRate = processingTime > 0 ? this.nDecrypted / processingTime : 0;
    const refused = Object.entries(this.refused).map(([reason, count]) => [fieldOf(reason), count % 2 ** 32]);
    return {
      nDecrypted: this.nDecrypted % 2 ** 32,
      processingTime,
      processingRate,
      ...(Object.fromEntries(refused) as Record<string, number>),
    };
  }

  override getStatsPvaTypes() {
    const refused = REFUSALS.map((reason) => [fieldOf(reason), 'uint']);
    return {
      nDecrypted: 'uint',
      processingTime: 'double',
      processingRate: 'double',
      ...(Object.fromEntries(refused) as Record<string, 'uint'>),
    } as const;
  }

  /** Whether an object is of the kind that is wanted. */
  protected accepts(_object: PvObject): boolean {
    return true;
  }

  private decrypt(record: PvObject): PvObject | undefined {
    const startedAt = performance.now();
    try {
      const object = this.decryptor.decrypt(record, (decrypted) => this.accepts(decrypted));
      if (object !== undefined) this.nDecrypted += 1;
      return object;
    } catch (error) {
      if (error instanceof RefusedError) this.refused[error.reason] += 1;
      throw error;
    } finally {
      this.milliseconds += performance.now() - startedAt;
    }
  }
}

function noRefusals(): Record<Refusal, number> {
  return Object.fromEntries(REFUSALS.map((reason) => [reason, 0])) as Record<Refusal, number>;
}

/** `tampered` is counted in the field `nRefusedTampered`. */
function fieldOf(reason: string): string {
  return `nRefused${reason.charAt(0).toUpperCase()}${reason.slice(1)}`;
}
