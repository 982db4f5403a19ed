#pragma once
#include <napi.h>

#include <vector>

#include "frame-queue.h"

namespace pvaflow {

/** The limits in `frames`, `bytes` and `onFull` of an object. */
FrameQueue::Limits limitsOf(const Napi::Object& options);

/** How many entries JavaScript asks for: all, unless it says a number of at least 1. */
size_t mostOf(const Napi::Value& asked);

/** The entries as an array of values and events; leaves `entries` empty. */
Napi::Array entriesToJs(Napi::Env env, std::vector<StreamEntry>& entries);

/** Figures of a queue, under the names of NativeStreamStats in src/pva/native-client.ts. */
Napi::Object queueStatsToJs(Napi::Env env, const FrameQueue::Stats& stats);

}  // namespace pvaflow
