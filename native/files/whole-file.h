#pragma once
#include <napi.h>

namespace pvaflow::files {

/**
 * JavaScript's `writeFile(temporary, path, parts, isDurable)`: makes the file `temporary`, which must not exist, of what the views
 * in `parts` hold, waits for the disk if `isDurable`, closes it, and gives it the name `path`, unless that is empty: all by
 * one job on a thread of libuv's pool. A promise of the count of bytes. The memory of the parts must stay as it is until it settles.
 *
 * If anything fails nothing is left of the file, and the promise is of the system's number of the error, negative.
 */
Napi::Value writeFile(const Napi::CallbackInfo& info);

}  // namespace pvaflow::files
