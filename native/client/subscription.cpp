#include "subscription.h"

#include <algorithm>

#include "client-errors.h"
#include "errors.h"
#include "value/value.h"

namespace pvaflow {

namespace {

FrameQueue::Limits limitsOf(const Napi::Object& options) {
  const auto number = [&](const char* key) { return static_cast<size_t>(options.Get(key).ToNumber().Int64Value()); };
  return {std::max<size_t>(number("frames"), 1), std::max<size_t>(number("bytes"), 1), onFullOf(options.Get("onFull"))};
}

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

Napi::Function Subscription::define(Napi::Env env) {
  Napi::Function subscription = DefineClass(
      env, "Subscription",
      {InstanceMethod<&Subscription::connect>("connect"), InstanceMethod<&Subscription::open>("open"),
       InstanceMethod<&Subscription::take>("take"), InstanceMethod<&Subscription::pause>("pause"),
       InstanceMethod<&Subscription::close>("close"), InstanceMethod<&Subscription::hold>("hold"),
       InstanceMethod<&Subscription::letGo>("letGo"), InstanceMethod<&Subscription::stats>("stats"),
       InstanceAccessor<&Subscription::isClosed>("closed"), InstanceAccessor<&Subscription::isPaused>("paused")});
  Addon::of(env).subscriptionClass = Napi::Persistent(subscription);
  return subscription;
}

Napi::Object Subscription::make(Napi::Env env, const std::shared_ptr<ClientContext>& client, const std::string& name,
                                const Napi::Object& options) {
  Napi::Object object = Addon::of(env).subscriptionClass.New({});
  Unwrap(object)->prepare(client, name, options);
  return object;
}

Subscription::Subscription(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Subscription>(info) {}

Subscription::~Subscription() {
  if (monitor_) monitor_->close();
  if (client_) client_->remove(this);
}

void Subscription::prepare(const std::shared_ptr<ClientContext>& client, const std::string& name,
                           const Napi::Object& options) {
  client_ = client;
  name_ = name;
  handle_ = std::make_shared<Handle>(Handle{this});
  const std::weak_ptr<Handle> weak = handle_;
  monitor_ = std::make_shared<Monitor>(limitsOf(options), [weak, dispatcher = client->dispatcher()] {
    dispatcher->post([weak](Napi::Env env) {
      if (const auto handle = weak.lock()) handle->subscription->onWake(env);
    });
  });
  client->add(this);
}

/** Has `onPeer` called until open(). */
void Subscription::connect(const Napi::CallbackInfo& info) {
  if (!monitor_ || monitor_->closed() || monitor_->opened() || connection_) return;
  guarded(info.Env(), "PVAFLOW_CLIENT", [&] {
    connection_ = std::make_shared<Connection>(client_->dispatcher(), [this](Napi::Value peer) { call("onPeer", {peer}); });
    connection_->open(client_->context(), name_);
  });
}

/** Sends the request. Once, and not after the end. */
void Subscription::open(const Napi::CallbackInfo& info) {
  if (!monitor_ || monitor_->closed() || monitor_->opened()) return;
  guarded(info.Env(), "PVAFLOW_CLIENT", [&] {
    const pvxs::Value request = pvaflow::Value::of(info[0]).freeze(info.Env(), pvxs::Value(), false);
    monitor_->open(client_->context().monitor(name_).rawRequest(request));
  });
  stopConnecting();
}

void Subscription::stopConnecting() {
  if (connection_) connection_->close();
  connection_.reset();
}

void Subscription::call(const char* property, const std::vector<napi_value>& arguments) {
  const Napi::Object self = Value();
  if (self.IsEmpty()) return;  // found by the garbage collector, not yet finalized
  const Napi::Value callback = self.Get(property);
  if (callback.IsFunction()) callback.As<Napi::Function>().Call(self, arguments);
}

void Subscription::onWake(Napi::Env) { call("onReadable", {}); }

Napi::Value Subscription::take(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const double asked = info[0].IsNumber() ? info[0].As<Napi::Number>().DoubleValue() : 0;
  const size_t most = asked >= 1 && asked < 1e9 ? static_cast<size_t>(asked) : SIZE_MAX;
  if (monitor_ && !monitor_->closed()) monitor_->take(most, taken_);
  Napi::Array array = Napi::Array::New(env, taken_.size());
  for (size_t i = 0; i < taken_.size(); i++) {
    StreamEntry& entry = taken_[i];
    array.Set(static_cast<uint32_t>(i), entry.event ? eventObject(env, *entry.event) : pvaflow::Value::wrap(env, std::move(entry.value)));
  }
  taken_.clear();
  return array;
}

void Subscription::pause(const Napi::CallbackInfo& info) {
  const bool paused = info[0].ToBoolean();
  if (!monitor_ || monitor_->closed()) return;
  const auto handle = monitor_->setPaused(paused);
  if (handle) client_->later([handle, paused] { handle->pause(paused); });
}

void Subscription::close(const Napi::CallbackInfo&) { end(); }

void Subscription::end() {
  stopConnecting();
  if (monitor_) monitor_->close();
  if (client_) client_->remove(this);
  if (!held_) return;
  held_ = false;
  client_->dispatcher()->unref(Env());
  Unref();
}

void Subscription::onClientClosed(Napi::Env env) {
  const Napi::HandleScope scope(env);
  const Napi::Object self = Value();
  end();
  if (!self.IsEmpty()) onWake(env);
}

void Subscription::hold(const Napi::CallbackInfo& info) {
  if (held_ || !monitor_ || monitor_->closed()) return;
  held_ = true;
  Ref();
  client_->dispatcher()->ref(info.Env());
}

void Subscription::letGo(const Napi::CallbackInfo& info) {
  if (!held_) return;
  held_ = false;
  client_->dispatcher()->unref(info.Env());
  Unref();
}

Napi::Value Subscription::stats(const Napi::CallbackInfo& info) {
  const Monitor::Stats stats = monitor_ ? monitor_->stats() : Monitor::Stats();
  Napi::Object object = Napi::Object::New(info.Env());
  const auto set = [&](const char* key, double value) { object.Set(key, value); };
  set("received", static_cast<double>(stats.queue.received));
  set("bytes", static_cast<double>(stats.queue.receivedBytes));
  set("overruns", static_cast<double>(stats.overruns));
  set("clientSquashed", static_cast<double>(stats.clientSquashed));
  set("dropped", static_cast<double>(stats.queue.dropped));
  set("discarded", static_cast<double>(stats.queue.discarded));
  set("empty", static_cast<double>(stats.empty));
  set("queued", static_cast<double>(stats.queue.frames));
  set("queuedBytes", static_cast<double>(stats.queue.bytes));
  set("maxQueued", static_cast<double>(stats.queue.maxFrames));
  set("maxQueuedBytes", static_cast<double>(stats.queue.maxBytes));
  set("waiting", static_cast<double>(stats.waiting));
  set("flaps", static_cast<double>(stats.queue.flaps));
  return object;
}

Napi::Value Subscription::isClosed(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), !monitor_ || monitor_->closed());
}

Napi::Value Subscription::isPaused(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), monitor_ && monitor_->paused());
}

}  // namespace pvaflow
