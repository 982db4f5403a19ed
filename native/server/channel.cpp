#include "channel.h"

#include "addon.h"
#include "errors.h"
#include "reports.h"
#include "value/value.h"

namespace pvaflow {

namespace {

/** Id and times of a frame; a type without one of these fields does without. */
void stamp(pvxs::Value& frame, int32_t id, int64_t nanoseconds) {
  constexpr int64_t kSecond = 1000000000;
  const auto set = [&](const char* path, int64_t value) {
    if (pvxs::Value field = frame[path]) field.from(value);
  };
  set("uniqueId", id);
  for (const char* seconds : {"timeStamp.secondsPastEpoch", "dataTimeStamp.secondsPastEpoch"}) set(seconds, nanoseconds / kSecond);
  for (const char* rest : {"timeStamp.nanoseconds", "dataTimeStamp.nanoseconds"}) set(rest, nanoseconds % kSecond);
}

struct Pending {
  std::shared_ptr<ServedChannel> served;
  const Napi::Object& callbacks;
};

}  // namespace

Napi::Function Channel::define(Napi::Env env) {
  Napi::Function channel = DefineClass(
      env, "Channel",
      {InstanceMethod<&Channel::open>("open"), InstanceMethod<&Channel::create>("create"), InstanceMethod<&Channel::current>("current"),
       InstanceMethod<&Channel::post>("post"), InstanceMethod<&Channel::postAll>("postAll"), InstanceMethod<&Channel::postFrames>("postFrames"), InstanceMethod<&Channel::flush>("flush"),
       InstanceMethod<&Channel::reply>("reply"),
       InstanceMethod<&Channel::refuse>("refuse"), InstanceMethod<&Channel::stats>("stats")});
  Addon::of(env).channelClass = Napi::Persistent(channel);
  return channel;
}

Napi::Object Channel::wrap(Napi::Env env, std::shared_ptr<ServedChannel> served, const Napi::Object& callbacks) {
  Pending pending{std::move(served), callbacks};
  return Addon::of(env).channelClass.New({Napi::External<Pending>::New(env, &pending)});
}

Channel::Channel(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Channel>(info) {
  if (!info[0].IsExternal()) throw Napi::TypeError::New(info.Env(), "a channel is made by Server.addChannel");
  Pending& pending = *info[0].As<Napi::External<Pending>>().Data();
  served_ = std::move(pending.served);
  callbacks_ = Napi::Persistent(pending.callbacks);
  served_->listen(this);
}

Channel::~Channel() { closeNow(); }

void Channel::closeNow() {
  if (closed_ || !served_) return;
  closed_ = true;
  served_->listen(nullptr);
  served_->close();
  callbacks_.Reset();
}

void Channel::mustBeOpen(Napi::Env env) const {
  if (closed_) fail(env, "PVAFLOW_CHANNEL_CLOSED", "channel " + served_->name() + " is closed");
}

void Channel::open(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  mustBeOpen(env);
  pvxs::Value initial = Value::of(info[0]).freeze(env, pvxs::Value(), false);
  if (initial.type() != pvxs::TypeCode::Struct) fail(env, "PVAFLOW_TYPE", "the type of a channel is a structure");
  guarded(env, "PVAFLOW_CHANNEL", [&] { served_->open(std::move(initial)); });
}

Napi::Value Channel::create(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  mustBeOpen(env);
  const pvxs::Value prototype = served_->prototype();
  return prototype ? Napi::Value(Value::wrap(env, prototype.cloneEmpty())) : env.Null();
}

Napi::Value Channel::current(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  mustBeOpen(env);
  pvxs::Value value = guarded(env, "PVAFLOW_CHANNEL", [&] { return served_->current(); });
  return value ? Napi::Value(Value::wrap(env, std::move(value))) : env.Null();
}

pvxs::Value Channel::prototypeForPost(Napi::Env env) const {
  mustBeOpen(env);
  if (served_->awaitsRoom()) {
    fail(env, "PVAFLOW_CHANNEL_FULL", "channel " + served_->name() + " is full: await the promise of the last post before the next");
  }
  const pvxs::Value prototype = served_->prototype();
  if (!prototype) fail(env, "PVAFLOW_CHANNEL_TYPE", "channel " + served_->name() + " has no type yet: open() it first");
  return prototype;
}

Napi::Value Channel::post(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const pvxs::Value prototype = prototypeForPost(env);
  std::vector<pvxs::Value> updates;
  updates.push_back(Value::of(info[0]).freeze(env, prototype, info[1].ToBoolean()));
  return postUpdates(env, std::move(updates));
}

Napi::Value Channel::postAll(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const pvxs::Value prototype = prototypeForPost(env);
  if (!info[0].IsArray()) throw Napi::TypeError::New(env, "expected an array of values");
  const Napi::Array values = info[0].As<Napi::Array>();
  const bool transfer = info[1].ToBoolean();
  std::vector<pvxs::Value> updates;
  updates.reserve(values.Length());
  for (uint32_t i = 0; i < values.Length(); i++) updates.push_back(Value::of(values.Get(i)).freeze(env, prototype, transfer));
  return postUpdates(env, std::move(updates));
}

Napi::Value Channel::postFrames(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const pvxs::Value prototype = prototypeForPost(env);
  if (!info[0].IsArray() || !info[2].IsTypedArray()) throw Napi::TypeError::New(env, "expected an array of frames and their times");
  const Napi::Array frames = info[0].As<Napi::Array>();
  const Napi::BigInt64Array times = info[2].As<Napi::BigInt64Array>();
  if (times.TypedArrayType() != napi_bigint64_array || times.ElementLength() < frames.Length()) {
    throw Napi::TypeError::New(env, "expected a BigInt64Array with a time for each frame");
  }
  const int64_t firstId = info[1].ToNumber().Int64Value();
  const bool whole = info[3].ToBoolean();
  std::vector<pvxs::Value> updates;
  updates.reserve(frames.Length());
  for (uint32_t i = 0; i < frames.Length(); i++) {
    pvaflow::Value& frame = pvaflow::Value::of(frames.Get(i));
    updates.push_back(whole ? frame.freeze(env, prototype, false) : frame.freezeField(env, prototype, "value"));
    stamp(updates.back(), static_cast<int32_t>(firstId + i), times[i]);
  }
  return postUpdates(env, std::move(updates));
}

Napi::Value Channel::postUpdates(Napi::Env env, std::vector<pvxs::Value>&& updates) {
  const auto posted = guarded(env, "PVAFLOW_CHANNEL", [&] { return served_->post(std::move(updates)); });
  return Napi::Number::New(env, static_cast<int>(posted));
}

void Channel::flush(const Napi::CallbackInfo& info) {
  if (closed_) return;
  guarded(info.Env(), "PVAFLOW_CHANNEL", [&] { served_->flush(); });
}

void Channel::reply(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (closed_) return;
  pvxs::Value value;
  if (!info[1].IsUndefined() && !info[1].IsNull()) value = Value::of(info[1]).freeze(env, pvxs::Value(), false);
  guarded(env, "PVAFLOW_CHANNEL", [&] { served_->reply(info[0].As<Napi::Number>().Uint32Value(), value); });
}

void Channel::refuse(const Napi::CallbackInfo& info) {
  if (closed_) return;
  const std::string message = info[1].As<Napi::String>().Utf8Value();
  guarded(info.Env(), "PVAFLOW_CHANNEL", [&] { served_->refuse(info[0].As<Napi::Number>().Uint32Value(), message); });
}

Napi::Value Channel::stats(const Napi::CallbackInfo& info) { return describe(info.Env(), served_->report()); }

void Channel::call(Napi::Env env, const char* name, const std::vector<napi_value>& arguments) {
  if (closed_) return;
  const Napi::Object callbacks = callbacks_.Value();
  callbacks.Get(name).As<Napi::Function>().Call(callbacks, arguments);
}

void Channel::onPut(Napi::Env env, uint32_t id, pvxs::Value&& value, const Requester& requester) {
  call(env, "put", {Napi::Number::New(env, id), Value::wrap(env, std::move(value)), describe(env, requester)});
}

void Channel::onRpc(Napi::Env env, uint32_t id, pvxs::Value&& argument, const Requester& requester) {
  const napi_value value = argument ? napi_value(Value::wrap(env, std::move(argument))) : napi_value(env.Null());
  call(env, "rpc", {Napi::Number::New(env, id), value, describe(env, requester)});
}

void Channel::onRoom(Napi::Env env) { call(env, "room", {}); }

void Channel::onSubscribers(Napi::Env env, size_t count) {
  call(env, "subscribers", {Napi::Number::New(env, static_cast<double>(count))});
}

void Channel::onDeparture(Napi::Env env, const Departure& departure) { call(env, "departure", {describe(env, departure)}); }

}  // namespace pvaflow
