#pragma once
#include <napi.h>

namespace pvaflow::ending {

/**
 * JavaScript's class `EndWatch`: ends a process that was asked to end by SIGINT or SIGTERM and whose JavaScript thread is stuck,
 * so that its own handlers of these signals do not run. It watches from a thread of its own.
 *
 * new EndWatch(remarkMs, limitMs, graceMs, remark): to be made after handlers of both signals were set by `process.on`, and
 * closed before they are removed; one for each process at a time.
 *
 * `watch.beat(last)`: the thread is alive. When it has not called for `remarkMs` since the first signal and since the last call,
 * `remark` is written to stderr; when it has not for `limitMs`, or for `graceMs` after a second signal, `last`, and the
 * process ends at once with 128 + the number of the signal.
 * `watch.close()`: nothing is watched any more, and signals are as they were. Idempotent.
 */
Napi::Function define(Napi::Env env);

}  // namespace pvaflow::ending
