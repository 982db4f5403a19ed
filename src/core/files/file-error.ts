import { PvaflowError } from '../errors.js';

/** What the operating system's codes mean to whoever has to do something about it. */
const meanings: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the device. Free some; what comes then is written again',
  EDQUOT: 'the quota is used up. Free some space, or have the quota raised',
  EFBIG: 'the file is larger than the file system or the limit of the process allows',
  EROFS: 'the file system is read-only. Has it been mounted so, or after an error of the disk?',
  EACCES: 'permission is denied. Check the owner and the mode of the file and of its directory',
  EPERM: 'the operation is not permitted. Check the owner, the mode and the attributes of the directory',
  EIO: 'the device reports an error. Look at the log of the kernel, and at the disk',
  EEXIST: 'there is a file of that name, and it is not to be overwritten',
  ENOENT: 'it, or a directory of its path, does not exist',
  ENOTDIR: 'a part of the path is no directory',
  EISDIR: 'there is a directory of that name',
  ENAMETOOLONG: 'the name is too long for the file system',
  EMFILE: 'too many files are open in this process. Raise its limit (ulimit -n)',
  ENFILE: 'too many files are open on this machine',
};

/**
 * An error of the file system that says what to do. Its code is PVAFLOW_FILE_ and the code of the operating system, such as
 * PVAFLOW_FILE_ENOSPC; the error itself is the cause.
 *
 * @param doing what was tried, such as `cannot write`
 */
export function fileError(doing: string, path: string, error: unknown): PvaflowError {
  if (error instanceof PvaflowError) return error;
  const { code = 'UNKNOWN', message = String(error) } = error as NodeJS.ErrnoException;
  const meaning = meanings[code];
  const text = meaning === undefined ? message : `${meaning} (${code})`;
  return new PvaflowError(`PVAFLOW_FILE_${code}`, `${doing} ${path}: ${text}`, { cause: error });
}
