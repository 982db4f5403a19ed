// 2-encrypt-anonymous.ts — run it: pvaflow consumer --input-channel 13SIM1:Pva1:Image --output-channel anonymous:encrypted \
//   --processor-file 2-encrypt-anonymous.ts --processor-args '{"publicKeyFilePath": "partner.pub.pem", "names": ["Operator"]}'
import { AdImageProcessor, Encryptor, type EncryptorConfig, type NtNdArray } from 'pvaflow';

/** Takes attributes that do not concern the recipient out of each frame, and encrypts what is left for him. */
export default class EncryptAnonymous extends AdImageProcessor {
  private readonly encryptor = new Encryptor(this.logger);
  private names: readonly string[] = [];
  private nRemoved = 0;

  override configure({ names = this.names, ...config }: EncryptorConfig & { names?: readonly string[] }) {
    this.names = names;
    this.encryptor.configure(config);
  }

  override process(frame: NtNdArray) {
    this.nRemoved += frame.removeAttributes(this.names);
    const record = this.encryptor.encrypt(frame, this.objectIdField);
    this.updateOutputChannel(record);
    return record;
  }

  override getOutputPvObjectType(frame: NtNdArray) {
    return this.encryptor.recordType(frame, this.objectIdField);
  }

  override getStats() {
    return { nRemoved: this.nRemoved };
  }
  override getStatsPvaTypes() {
    return { nRemoved: 'ulong' } as const;
  }
}
