#pragma once
#include <napi.h>

namespace pvaflow {

/**
 * JavaScript function `readTimes(values, figures)`: for each of an array of Values the seconds and the nanoseconds of its
 * field `timeStamp`, two by two into a Float64Array; NaN where there is none. JavaScript thread.
 */
Napi::Value readTimes(const Napi::CallbackInfo& info);

}  // namespace pvaflow
