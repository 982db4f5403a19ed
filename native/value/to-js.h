#pragma once
#include <napi.h>
#include <pvxs/data.h>

#include "views.h"

namespace pvaflow {

/**
 * A field as JavaScript data: numbers, bigint for 64-bit integers, string, boolean, typed arrays (views), plain arrays of
 * strings and booleans, plain objects for structures, the data of the selected member for unions, null for what is
 * not selected.
 */
Napi::Value toJs(Napi::Env env, const pvxs::Value& field, Views& views);

}  // namespace pvaflow
