#pragma once
#include <napi.h>

namespace pvaflow::codec {

/**
 * JavaScript functions that change the data of an NTNDArray, its union `value`, in place. Nothing else of the frame is read or
 * changed. The last argument says whether to work on a thread of libuv's pool: then the result is a promise, and the data is
 * replaced when it is done. What the source had when the call was made is what is encoded or decoded. Data that cannot be
 * decoded is refused with PVAFLOW_CODEC_DATA.
 *
 * `decodeImage(frame, codec, member, elements, compressedSize, threads, inBackground)`: the selected bytes, of which the first
 * `compressedSize` count, become so many elements of `member`.
 */
Napi::Value decodeImage(const Napi::CallbackInfo& info);

/**
 * `encodeImage(frame, { codec, level, blockSize, compressor, shuffle, threads }, inBackground)`: the selected elements become
 * bytes in `ubyteValue`. Gives, or promises, how many.
 */
Napi::Value encodeImage(const Napi::CallbackInfo& info);

}  // namespace pvaflow::codec
