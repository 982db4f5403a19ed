import { Encryptor, encryptorSchema, UserDataProcessor, type EncryptorConfig, type PvObject } from 'pvaflow';

/**
 * Encrypts objects of any type, and publishes records of which nobody but the holder of a private RSA key can read more than the
 * id, the size and when they come. `DataDecryptor` makes the objects of them again.
 *
 * Configuration: `publicKeyFilePath`, a PEM file with the public key of the holder; with `"sign": true` also
 * `privateKeyFilePath`, one's own. With `privateKeyFilePath` alone, as with pvaPy, its public half is used. Others:
 * docs/reference/processors.md. The format: docs/reference/encryption-format.md.
 */
export class DataEncryptor extends UserDataProcessor {
  static override readonly configSchema = encryptorSchema;

  private readonly encryptor = new Encryptor(this.logger);
  private nEncrypted = 0;
  private milliseconds = 0;

  override configure(config: EncryptorConfig) {
    this.encryptor.configure(config);
  }

  override start() {
    this.encryptor.start();
  }

  override process(object: PvObject) {
    const startedAt = performance.now();
    const record = this.encryptor.encrypt(object, this.objectIdField);
    this.milliseconds += performance.now() - startedAt;
    this.nEncrypted += 1;
    this.updateOutputChannel(record);
    return record;
  }

  /** The type alone: there is nothing encrypted yet that clients could be shown. */
  override getOutputPvObjectType(object: PvObject) {
    return this.encryptor.recordType(object, this.objectIdField);
  }

  override resetStats() {
    this.nEncrypted = this.milliseconds = 0;
  }

  override getStats() {
    const processingTime = this.milliseconds / 1000;
    const processingRate = processingTime > 0 ? this.nEncrypted / processingTime : 0;
    return { nEncrypted: this.nEncrypted % 2 ** 32, processingTime, processingRate, nKeys: this.encryptor.keys };
  }

  override getStatsPvaTypes() {
    return { nEncrypted: 'uint', processingTime: 'double', processingRate: 'double', nKeys: 'uint' } as const;
  }
}
