import { execFileSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import { codecsFolder, hdf5Folder, pillowFolder, pythonWithPeers, tifffileFolder } from '../../../peers/install.js';

/** A file that a program in Python wrote, and what is in it. */
export interface Written {
  readonly file: string;
  readonly frames: readonly { readonly dtype: string; readonly shape: readonly number[]; readonly hex: string }[];
  readonly dataset?: string;
  readonly colorMode?: 0 | 2 | 3 | 4;
}

/** Has tifffile, Pillow, NumPy and h5py write their files into a folder. */
export function writeByPython(folder: string): Written[] {
  const script = fileURLToPath(new URL('../../../peers/python/write_frames.py', import.meta.url));
  const path = [tifffileFolder(), pillowFolder(), hdf5Folder(), codecsFolder()].join(delimiter);
  const env = { ...process.env, PYTHONPATH: path };
  const output = execFileSync(pythonWithPeers(), [script, folder], { env, encoding: 'utf8', maxBuffer: 2 ** 28 });
  return JSON.parse(output) as Written[];
}
