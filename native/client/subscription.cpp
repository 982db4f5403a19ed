#include "subscription.h"

#include "errors.h"
#include "monitor.h"
#include "stream-js.h"
#ifndef _WIN32
#include "stream/stream-monitor.h"
#endif
#include "value/value.h"

namespace pvaflow {

namespace {

std::shared_ptr<Feed> newFeed(const FrameQueue::Limits& limits, const std::function<void()>& wake, bool dedicated) {
#ifndef _WIN32
  if (dedicated) return std::make_shared<stream::StreamMonitor>(limits, wake);
#endif
  return std::make_shared<Monitor>(limits, wake);
}

}  // namespace

Napi::Function Subscription::define(Napi::Env env) {
  Napi::Function subscription = DefineClass(
      env, "Subscription",
      {InstanceMethod<&Subscription::connect>("connect"), InstanceMethod<&Subscription::open>("open"),
       InstanceMethod<&Subscription::take>("take"), InstanceMethod<&Subscription::pause>("pause"),
       InstanceMethod<&Subscription::close>("close"), InstanceMethod<&Subscription::hold>("hold"),
       InstanceMethod<&Subscription::letGo>("letGo"), InstanceMethod<&Subscription::stats>("stats"),
       InstanceAccessor<&Subscription::asks>("asks"), InstanceAccessor<&Subscription::isClosed>("closed"), InstanceAccessor<&Subscription::isPaused>("paused")});
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
  if (feed_) feed_->close();
  if (client_) client_->remove(this);
}

void Subscription::prepare(const std::shared_ptr<ClientContext>& client, const std::string& name,
                           const Napi::Object& options) {
  client_ = client;
  name_ = name;
  handle_ = std::make_shared<Handle>(Handle{this});
  const std::weak_ptr<Handle> weak = handle_;
  const auto wake = [weak, dispatcher = client->dispatcher()] {
    dispatcher->post([weak](Napi::Env env) {
      if (const auto handle = weak.lock()) handle->subscription->onWake(env);
    });
  };
  feed_ = newFeed(limitsOf(options), wake, options.Get("dedicated").ToBoolean());
  client->add(this);
}

/** Has `onPeer` called until open(). */
void Subscription::connect(const Napi::CallbackInfo& info) {
  if (!feed_ || feed_->closed() || feed_->opened() || connection_) return;
  guarded(info.Env(), "PVAFLOW_CLIENT", [&] {
    connection_ = std::make_shared<Connection>(client_->dispatcher(), [this](Napi::Value peer) { call("onPeer", {peer}); });
    connection_->open(client_->context(), name_);
  });
}

/** Sends the request. Once, and not after the end. */
void Subscription::open(const Napi::CallbackInfo& info) {
  if (!feed_ || feed_->closed() || feed_->opened()) return;
  guarded(info.Env(), "PVAFLOW_CLIENT", [&] {
    const pvxs::Value request = pvaflow::Value::of(info[0]).freeze(info.Env(), pvxs::Value(), false);
    feed_->open(client_, name_, request);
    search_ = watchChannel(client_->context(), name_, [found = found_](const std::string& peer) { *found = !peer.empty(); });
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
  if (feed_ && !feed_->closed()) feed_->take(mostOf(info[0]), taken_);
  return entriesToJs(info.Env(), taken_);
}

void Subscription::pause(const Napi::CallbackInfo& info) {
  const bool paused = info[0].ToBoolean();
  if (!feed_ || feed_->closed()) return;
  feed_->setPaused(paused);
}

void Subscription::close(const Napi::CallbackInfo&) { end(); }

void Subscription::end() {
  stopConnecting();
  search_.reset();
  if (feed_) feed_->close();
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
  if (held_ || !feed_ || feed_->closed()) return;
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
  const Feed::Stats stats = feed_ ? feed_->stats() : Feed::Stats();
  Napi::Object object = queueStatsToJs(info.Env(), stats.queue);
  object.Set("overruns", static_cast<double>(stats.overruns));
  object.Set("clientSquashed", static_cast<double>(stats.clientSquashed));
  object.Set("empty", static_cast<double>(stats.empty));
  if (stats.pipeline) object.Set("pipeline", *stats.pipeline);
  object.Set("waiting", static_cast<double>(stats.waiting));
  object.Set("isFound", found_->load());
  return object;
}

Napi::Value Subscription::isClosed(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), !feed_ || feed_->closed());
}

Napi::Value Subscription::asks(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), feed_ && feed_->asks());
}

Napi::Value Subscription::isPaused(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), feed_ && feed_->paused());
}

}  // namespace pvaflow
