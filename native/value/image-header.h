#pragma once
#include <napi.h>

namespace pvaflow {

/**
 * JavaScript function `readImageHeader(value, figures)`: what is said about the pixels of an NTNDArray, without making a
 * JavaScript object for any of it. Writes `figures`, a Float64Array, and returns the name of the codec ("" for none).
 *
 * Fields are found by name, since their order differs between servers. Nothing is judged here and nothing is trusted:
 * what is absent or not a number is NaN. JavaScript thread.
 */
Napi::Value readImageHeader(const Napi::CallbackInfo& info);

}  // namespace pvaflow
