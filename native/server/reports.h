#pragma once
#include <napi.h>

#include "served-channel.h"

namespace pvaflow {

/** As NativeChannelStats in src/pva/native-server.ts. */
Napi::Object describe(Napi::Env env, const ServedChannel::Report& report);
/** As NativeDeparture. */
Napi::Object describe(Napi::Env env, const Departure& departure);
/** As NativeRequester. */
Napi::Object describe(Napi::Env env, const Requester& requester);

}  // namespace pvaflow
