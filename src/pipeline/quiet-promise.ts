/** Settles a promise. */
export interface Settle {
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** A promise that nobody has to await. */
export function quietPromise(give: (settle: Settle) => void): Promise<void> {
  const promise = new Promise<void>((resolve, reject) => give({ resolve, reject }));
  promise.catch(() => {});
  return promise;
}
