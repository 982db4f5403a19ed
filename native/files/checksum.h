#pragma once
#include <napi.h>

namespace pvaflow::files {

/**
 * JavaScript's `checksumOfFile(path, algorithm, pieces)`: a promise of the checksum of a file as it stands, in hexadecimal digits,
 * read and computed on a thread of libuv's pool. `algorithm` is `xxh64` (seed 0; https://xxhash.com) or `sha256`.
 * `pieces`, an Int32Array of one element, says meanwhile how many pieces of 256 KiB were read.
 * Rejects with PVAFLOW_FILE_CHECKSUM if it cannot be read.
 */
Napi::Value checksumOfFile(const Napi::CallbackInfo& info);

}  // namespace pvaflow::files
