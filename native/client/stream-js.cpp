#include "stream-js.h"

#include <algorithm>

#include "client-errors.h"
#include "value/value.h"

namespace pvaflow {

namespace {

const char* nameOf(StreamEvent::Kind kind) {
  switch (kind) {
    case StreamEvent::Kind::connected: return "connected";
    case StreamEvent::Kind::disconnected: return "disconnected";
    case StreamEvent::Kind::finished: return "finished";
    case StreamEvent::Kind::error: return "error";
  }
  return "";
}

Napi::Object eventObject(Napi::Env env, const StreamEvent& event) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("type", nameOf(event.kind));
  if (event.kind == StreamEvent::Kind::connected) object.Set("peer", event.text);
  if (event.kind == StreamEvent::Kind::error) object.Set("error", makeError(env, {event.code, event.text}));
  return object;
}

}  // namespace

FrameQueue::Limits limitsOf(const Napi::Object& options) {
  const auto number = [&](const char* key) { return static_cast<size_t>(options.Get(key).ToNumber().Int64Value()); };
  return {std::max<size_t>(number("frames"), 1), std::max<size_t>(number("bytes"), 1), onFullOf(options.Get("onFull"))};
}

size_t mostOf(const Napi::Value& asked) {
  const double most = asked.IsNumber() ? asked.As<Napi::Number>().DoubleValue() : 0;
  return most >= 1 && most < 1e9 ? static_cast<size_t>(most) : SIZE_MAX;
}

Napi::Array entriesToJs(Napi::Env env, std::vector<StreamEntry>& entries) {
  Napi::Array array = Napi::Array::New(env, entries.size());
  for (size_t i = 0; i < entries.size(); i++) {
    StreamEntry& entry = entries[i];
    array.Set(static_cast<uint32_t>(i), entry.event ? eventObject(env, *entry.event) : Value::wrap(env, std::move(entry.value)));
  }
  entries.clear();
  return array;
}

Napi::Object queueStatsToJs(Napi::Env env, const FrameQueue::Stats& stats) {
  Napi::Object object = Napi::Object::New(env);
  const auto set = [&](const char* key, double value) { object.Set(key, value); };
  set("received", static_cast<double>(stats.received));
  set("bytes", static_cast<double>(stats.receivedBytes));
  set("dropped", static_cast<double>(stats.dropped));
  set("discarded", static_cast<double>(stats.discarded));
  set("queued", static_cast<double>(stats.frames));
  set("queuedBytes", static_cast<double>(stats.bytes));
  set("maxQueued", static_cast<double>(stats.maxFrames));
  set("maxQueuedBytes", static_cast<double>(stats.maxBytes));
  set("flaps", static_cast<double>(stats.flaps));
  return object;
}

}  // namespace pvaflow
