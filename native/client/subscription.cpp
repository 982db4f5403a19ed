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
      {InstanceMethod<&Subscription::take>("take"), InstanceMethod<&Subscription::pause>("pause"),
       InstanceMethod<&Subscription::close>("close"), InstanceMethod<&Subscription::hold>("hold"),
       InstanceMethod<&Subscription::letGo>("letGo"), InstanceMethod<&Subscription::stats>("stats"),
       InstanceAccessor<&Subscription::isClosed>("closed"), InstanceAccessor<&Subscription::isPaused>("paused")});
  Addon::of(env).subscriptionClass = Napi::Persistent(subscription);
  return subscription;
}

Napi::Object Subscription::open(Napi::Env env, const std::shared_ptr<ClientContext>& client, const std::string& name,
                                const pvxs::Value& request, const Napi::Object& options) {
  Napi::Object object = Addon::of(env).subscriptionClass.New({});
  Unwrap(object)->start(client, name, request, options);
  return object;
}

Subscription::Subscription(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Subscription>(info) {}

Subscription::~Subscription() {
  if (monitor_) monitor_->close();
  if (client_) client_->remove(this);
}

void Subscription::start(const std::shared_ptr<ClientContext>& client, const std::string& name, const pvxs::Value& request,
                         const Napi::Object& options) {
  client_ = client;
  name_ = name;
  const Napi::Value plain = options.Get("plainRequest");
  if (!plain.IsUndefined()) plainRequest_ = pvaflow::Value::of(plain).freeze(Env(), pvxs::Value(), false);
  handle_ = std::make_shared<Handle>(Handle{this});
  monitor_ = std::make_shared<Monitor>(limitsOf(options), poster(&Subscription::onWake), poster(&Subscription::reopen));
  client->add(this);
  monitor_->open(client->context().monitor(name).rawRequest(request), plainRequest_.valid());
}

/** For any thread: has the method called on the JavaScript thread, while there is a subscription. */
std::function<void()> Subscription::poster(void (Subscription::*method)(Napi::Env)) {
  return [weak = std::weak_ptr<Handle>(handle_), dispatcher = client_->dispatcher(), method] {
    dispatcher->post([weak, method](Napi::Env env) {
      if (const auto handle = weak.lock()) (handle->subscription->*method)(env);
    });
  };
}

void Subscription::reopen(Napi::Env) {
  if (!client_->closed()) monitor_->reopen(client_->context().monitor(name_).rawRequest(plainRequest_));
}

void Subscription::onWake(Napi::Env) {
  const Napi::Object self = Value();
  if (self.IsEmpty()) return;  // found by the garbage collector, not yet finalized
  const Napi::Value callback = self.Get("onReadable");
  if (callback.IsFunction()) callback.As<Napi::Function>().Call(self, {});
}

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
  client_->later([handle = monitor_->setPaused(paused), paused] { handle->pause(paused); });
}

void Subscription::close(const Napi::CallbackInfo&) { end(); }

void Subscription::end() {
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
  object.Set("pipelineRefused", stats.pipelineRefused);
  return object;
}

Napi::Value Subscription::isClosed(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), !monitor_ || monitor_->closed());
}

Napi::Value Subscription::isPaused(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), monitor_ && monitor_->paused());
}

}  // namespace pvaflow
