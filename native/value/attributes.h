#pragma once
#include <napi.h>

namespace pvaflow {

/**
 * JavaScript function `joinAttributes(frame, attributes)`: sets attributes of an NTNDArray from other values. An attribute of
 * the same name is replaced, others are added at the end; nothing of what was there is copied.
 *
 * `attributes` has six items for each: name, of, number, descriptor, source, tags. The attribute gets the field `value` of `of` with its type, its
 * time stamp and its alarm; or, with `number`, this number as a double, and the time stamp of the frame. What `of` says in
 * `descriptor` or `display.description` is the descriptor unless one is given. JavaScript thread.
 */
Napi::Value joinAttributes(const Napi::CallbackInfo& info);

/** JavaScript function `removeAttributes(frame, names)`: takes them out of an NTNDArray, others stay as they are. Returns how many. */
Napi::Value removeAttributes(const Napi::CallbackInfo& info);

}  // namespace pvaflow
