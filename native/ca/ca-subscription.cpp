#include "ca-subscription.h"

#include "client/stream-js.h"
#include "errors.h"

namespace pvaflow::ca {

Napi::Function CaSubscription::define(Napi::Env env) {
  Napi::Function subscription =
      DefineClass(env, "CaSubscription",
                  {InstanceMethod<&CaSubscription::take>("take"), InstanceMethod<&CaSubscription::pause>("pause"),
                   InstanceMethod<&CaSubscription::close>("close"), InstanceMethod<&CaSubscription::hold>("hold"),
                   InstanceMethod<&CaSubscription::letGo>("letGo"), InstanceMethod<&CaSubscription::stats>("stats"),
                   InstanceAccessor<&CaSubscription::isClosed>("closed"),
                   InstanceAccessor<&CaSubscription::isPaused>("paused")});
  Addon::of(env).caSubscriptionClass = Napi::Persistent(subscription);
  return subscription;
}

Napi::Object CaSubscription::make(Napi::Env env, const std::shared_ptr<Context>& context, const std::string& name,
                                  const Napi::Object& options) {
  Napi::Object object = Addon::of(env).caSubscriptionClass.New({});
  Unwrap(object)->prepare(context, name, options);
  return object;
}

CaSubscription::CaSubscription(const Napi::CallbackInfo& info) : Napi::ObjectWrap<CaSubscription>(info) {}

CaSubscription::~CaSubscription() { stop(); }

void CaSubscription::prepare(const std::shared_ptr<Context>& context, const std::string& name, const Napi::Object& options) {
  const FrameQueue::Limits limits = limitsOf(options);
  context_ = context;
  handle_ = std::make_shared<Handle>(Handle{this});
  const std::weak_ptr<Handle> weak = handle_;
  const auto wake = [weak, dispatcher = context->dispatcher()] {
    dispatcher->post([weak](Napi::Env) {
      if (const auto handle = weak.lock()) handle->subscription->onWake();
    });
  };
  feed_ = std::make_shared<Feed>(*context, name, options.Get("text").ToBoolean(), limits, wake);
  context->add(this);
  context->open(feed_);
}

void CaSubscription::onWake() {
  const Napi::Object self = Value();
  if (self.IsEmpty()) return;  // found by the garbage collector, not yet finalized
  const Napi::Value callback = self.Get("onReadable");
  if (callback.IsFunction()) callback.As<Napi::Function>().Call(self, {});
}

Napi::Value CaSubscription::take(const Napi::CallbackInfo& info) {
  if (feed_ && !feed_->closed()) feed_->take(mostOf(info[0]), taken_);
  return entriesToJs(info.Env(), taken_);
}

void CaSubscription::pause(const Napi::CallbackInfo& info) {
  if (feed_ && !feed_->closed()) feed_->setPaused(info[0].ToBoolean());
}

void CaSubscription::close(const Napi::CallbackInfo&) { end(); }

/** Lets go of libca. */
void CaSubscription::stop() {
  if (!feed_ || feed_->closed()) return;
  feed_->close();
  context_->drop(feed_);
  context_->remove(this);
}

void CaSubscription::end() {
  stop();
  if (!held_) return;
  held_ = false;
  context_->dispatcher()->unref(Env());
  Unref();
}

void CaSubscription::onClientClosed(Napi::Env env) {
  const Napi::HandleScope scope(env);
  const Napi::Object self = Value();
  end();
  if (!self.IsEmpty()) onWake();
}

void CaSubscription::hold(const Napi::CallbackInfo& info) {
  if (held_ || !feed_ || feed_->closed()) return;
  held_ = true;
  Ref();
  context_->dispatcher()->ref(info.Env());
}

void CaSubscription::letGo(const Napi::CallbackInfo& info) {
  if (!held_) return;
  held_ = false;
  context_->dispatcher()->unref(info.Env());
  Unref();
}

Napi::Value CaSubscription::stats(const Napi::CallbackInfo& info) {
  Napi::Object stats = queueStatsToJs(info.Env(), feed_ ? feed_->stats() : FrameQueue::Stats());
  stats.Set("missed", feed_ ? static_cast<double>(feed_->missed()) : 0.0);
  return stats;
}

Napi::Value CaSubscription::isClosed(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), !feed_ || feed_->closed());
}

Napi::Value CaSubscription::isPaused(const Napi::CallbackInfo& info) {
  return Napi::Boolean::New(info.Env(), feed_ && feed_->paused());
}

}  // namespace pvaflow::ca
