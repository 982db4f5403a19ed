import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A key pair in PEM files. */
export interface KeyFiles {
  readonly privateKeyFilePath: string;
  readonly publicKeyFilePath: string;
  readonly privatePem: string;
  readonly publicPem: string;
}

/** Makes an RSA key pair; takes some tens of milliseconds. */
export function newKeyFiles(modulusLength = 2048): KeyFiles {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }) as string;
  const folder = mkdtempSync(join(tmpdir(), 'pvaflow-keys-'));
  const [privateKeyFilePath, publicKeyFilePath] = [join(folder, 'private.pem'), join(folder, 'public.pem')];
  writeFileSync(privateKeyFilePath, privatePem, { mode: 0o600 });
  writeFileSync(publicKeyFilePath, publicPem);
  return { privateKeyFilePath, publicKeyFilePath, privatePem, publicPem };
}
