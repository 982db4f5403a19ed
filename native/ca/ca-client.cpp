#include "ca-client.h"

#include "ca/ca-subscription.h"
#include "errors.h"
#include "value/type.h"
#include "value/value.h"

namespace pvaflow::ca {

namespace {

Definitions definitionsOf(const Napi::Value& value) {
  Definitions definitions;
  const Napi::Object object = value.ToObject();
  const Napi::Array names = object.GetPropertyNames();
  for (uint32_t i = 0; i < names.Length(); i++) {
    const std::string name = names.Get(i).ToString();
    definitions[name] = object.Get(name).ToString();
  }
  return definitions;
}

OnLog onLogOf(const Napi::Value& callback) {
  const auto call = std::make_shared<Napi::FunctionReference>(Napi::Persistent(callback.As<Napi::Function>()));
  return [call](Napi::Env env, const char* level, const std::string& text) {
    call->Call({Napi::String::New(env, level), Napi::String::New(env, text)});
  };
}

Napi::Value valueOf(Napi::Env env, Outcome& outcome) {
  if (!outcome.value) return env.Undefined();
  if (outcome.peer.empty()) return pvaflow::Value::wrap(env, std::move(outcome.value));
  Napi::Object info = Napi::Object::New(env);
  info.Set("type", pvaflow::Type::wrap(env, outcome.value));
  info.Set("peer", outcome.peer);
  info.Set("nativeType", outcome.layout.nativeName());
  info.Set("count", static_cast<double>(outcome.layout.count()));
  info.Set("readable", outcome.readable);
  info.Set("writable", outcome.writable);
  return info;
}

}  // namespace

Napi::Function CaClient::define(Napi::Env env) {
  return DefineClass(env, "CaClient",
                     {InstanceMethod<&CaClient::get>("get"), InstanceMethod<&CaClient::info>("info"),
                      InstanceMethod<&CaClient::put>("put"), InstanceMethod<&CaClient::monitor>("monitor"),
                      InstanceMethod<&CaClient::cancel>("cancel"), InstanceMethod<&CaClient::close>("close"),
                      InstanceAccessor<&CaClient::isClosed>("closed")});
}

CaClient::CaClient(const Napi::CallbackInfo& info) : Napi::ObjectWrap<CaClient>(info) {
  context_ = std::make_shared<Context>(Addon::of(info.Env()), definitionsOf(info[0]), onLogOf(info[1]));
  self_ = std::make_shared<CaClient*>(this);
  context_->add(this);
}

CaClient::~CaClient() {
  if (!context_) return;
  context_->remove(this);
  context_->close(Env());
}

void CaClient::mustBeOpen(Napi::Env env) const {
  if (context_->closed()) fail(env, "PVAFLOW_CLOSED", "the client is closed");
}

Napi::Value CaClient::start(Napi::Env env, const Napi::Value& done, const Make& make) {
  mustBeOpen(env);
  const uint32_t id = nextId_++;
  const std::weak_ptr<CaClient*> weak = self_;
  const auto request = make([weak, id, dispatcher = context_->dispatcher()](Outcome&& outcome) {
    dispatcher->post([weak, id, outcome = std::move(outcome)](Napi::Env env) mutable {
      if (const auto self = weak.lock()) (*self)->settle(env, id, outcome);
    });
  });
  pending_[id] = {request, Napi::Persistent(done.As<Napi::Function>())};
  Ref();
  context_->dispatcher()->ref(env);
  context_->open(request);
  return Napi::Number::New(env, id);
}

Napi::FunctionReference CaClient::forget(uint32_t id) {
  const auto found = pending_.find(id);
  Pending pending = std::move(found->second);
  pending_.erase(found);
  context_->drop(pending.request);
  context_->dispatcher()->unref(Env());
  Unref();
  return std::move(pending.done);
}

void CaClient::settle(Napi::Env env, uint32_t id, Outcome& outcome) {
  if (pending_.count(id) == 0) return;
  const Napi::FunctionReference done = forget(id);
  if (outcome.failure.code) done.Call({makeError(env, outcome.failure), env.Undefined()});
  else done.Call({env.Null(), valueOf(env, outcome)});
}

Napi::Value CaClient::get(const Napi::CallbackInfo& info) {
  return start(info.Env(), info[2], [&](Request::Done done) {
    return std::make_shared<GetRequest>(*context_, info[0].ToString(), info[1].ToBoolean(), std::move(done));
  });
}

Napi::Value CaClient::info(const Napi::CallbackInfo& info) {
  return start(info.Env(), info[2], [&](Request::Done done) {
    return std::make_shared<InfoRequest>(*context_, info[0].ToString(), info[1].ToBoolean(), std::move(done));
  });
}

Napi::Value CaClient::put(const Napi::CallbackInfo& info) {
  PutData data = putDataFrom(info[1]);
  return start(info.Env(), info[3], [&](Request::Done done) {
    return std::make_shared<PutRequest>(*context_, info[0].ToString(), std::move(data), info[2].ToBoolean(), std::move(done));
  });
}

Napi::Value CaClient::monitor(const Napi::CallbackInfo& info) {
  mustBeOpen(info.Env());
  return CaSubscription::make(info.Env(), context_, info[0].ToString(), info[1].ToObject());
}

Napi::Value CaClient::cancel(const Napi::CallbackInfo& info) {
  const uint32_t id = info[0].ToNumber();
  const auto found = pending_.find(id);
  const bool reached = found != pending_.end() && found->second.request->reached();
  if (found != pending_.end()) forget(id);
  return Napi::Boolean::New(info.Env(), reached);
}

void CaClient::close(const Napi::CallbackInfo& info) { context_->close(info.Env()); }

void CaClient::onClientClosed(Napi::Env env) {
  Outcome closed;
  closed.failure = {"PVAFLOW_CLOSED", "the client was closed"};
  while (!pending_.empty()) settle(env, pending_.begin()->first, closed);
}

Napi::Value CaClient::isClosed(const Napi::CallbackInfo& info) { return Napi::Boolean::New(info.Env(), context_->closed()); }

}  // namespace pvaflow::ca
