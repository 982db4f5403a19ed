/** So many seconds one call of the system may take, such as the closing of a large file on a disk far away. */
const PATIENCE_S = 60;

/** What the end of files waits for, in words that change as long as it comes further, or as the disk may still be waited for. */
export class EndProgress {
  #what = '';
  #since = 0;

  /** @param bytesRead of a file whose checksum is made */
  textOf(nFiles: number, bytesRead: number): string {
    const read = Math.floor(bytesRead / 1e6);
    const what = `files to end: ${nFiles}${read > 0 ? `, read for a checksum: ${read} MB` : ''}`;
    const now = performance.now() / 1000;
    if (what !== this.#what) {
      this.#what = what;
      this.#since = now;
    }
    const seconds = Math.floor(Math.min(PATIENCE_S, now - this.#since));
    return seconds < 1 ? what : `${what}, waiting for the disk since ${seconds} s`;
  }
}
