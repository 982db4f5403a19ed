#include "client.h"

#include "errors.h"
#include "subscription.h"
#include "value/value.h"

namespace pvaflow {

namespace {

pvxs::client::Config::defs_t definitionsOf(const Napi::Value& value) {
  pvxs::client::Config::defs_t definitions;
  const Napi::Object object = value.ToObject();
  const Napi::Array names = object.GetPropertyNames();
  for (uint32_t i = 0; i < names.Length(); i++) {
    const std::string name = names.Get(i).ToString();
    definitions[name] = object.Get(name).ToString();
  }
  return definitions;
}

/** A Value of JavaScript as PVXS' thread may have it. */
pvxs::Value frozen(const Napi::Value& value) { return Value::of(value).freeze(value.Env(), pvxs::Value(), false); }

/** The address of the server to ask without a search; empty if not given. */
std::string serverOf(const Napi::Value& value) { return value.IsString() ? value.ToString().Utf8Value() : std::string(); }

}  // namespace

Napi::Function Client::define(Napi::Env env) {
  return DefineClass(env, "Client",
                     {InstanceMethod<&Client::get>("get"), InstanceMethod<&Client::info>("info"),
                      InstanceMethod<&Client::put>("put"), InstanceMethod<&Client::rpc>("rpc"),
                      InstanceMethod<&Client::connect>("connect"), InstanceMethod<&Client::discover>("discover"),
                      InstanceMethod<&Client::monitor>("monitor"), InstanceMethod<&Client::cancel>("cancel"),
                      InstanceMethod<&Client::config>("config"), InstanceMethod<&Client::close>("close"),
                      InstanceAccessor<&Client::isClosed>("closed")});
}

Client::Client(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Client>(info) {
  const Napi::Env env = info.Env();
  context_ = guarded(env, "PVAFLOW_CONFIG", [&] {
    return std::make_shared<ClientContext>(Addon::of(env), definitionsOf(info[0]));
  });
  context_->add(this);
}

Client::~Client() {
  if (!context_) return;
  context_->remove(this);
  context_->close(Env());
}

void Client::mustBeOpen(Napi::Env env) const {
  if (context_->closed()) fail(env, "PVAFLOW_CLOSED", "the client is closed");
}

Napi::Value Client::start(Napi::Env env, const Napi::Value& done, const Start& begin, Hold how) {
  mustBeOpen(env);
  const uint32_t id = nextId_++;
  const auto operation = std::make_shared<Operation>(context_->dispatcher(), done.As<Napi::Function>(), [this, id, how] {
    if (operations_.erase(id) > 0) letGo(how);
  });
  guarded(env, "PVAFLOW_CLIENT", [&] { begin(*operation, context_->context()); });
  operations_[id] = operation;
  hold(how);
  return Napi::Number::New(env, id);
}

Napi::Value Client::get(const Napi::CallbackInfo& info) {
  return start(info.Env(), info[2], [&](Operation& operation, pvxs::client::Context& context) {
    const std::string name = info[0].ToString();
    operation.get(context.get(name).rawRequest(frozen(info[1])), context.connect(name));
  });
}

Napi::Value Client::info(const Napi::CallbackInfo& info) {
  return start(info.Env(), info[1], [&](Operation& operation, pvxs::client::Context& context) {
    const std::string name = info[0].ToString();
    operation.get(context.info(name), context.connect(name));
  });
}

Napi::Value Client::put(const Napi::CallbackInfo& info) {
  return start(info.Env(), info[3], [&](Operation& operation, pvxs::client::Context& context) {
    const std::string name = info[0].ToString();
    operation.put(context.put(name).rawRequest(frozen(info[1])), context.connect(name), info[2].As<Napi::Function>());
  });
}

Napi::Value Client::rpc(const Napi::CallbackInfo& info) {
  const auto begin = [&](Operation& operation, pvxs::client::Context& context) {
    const std::string name = info[0].ToString();
    const std::string server = serverOf(info[2]);
    operation.rpc(context.rpc(name, frozen(info[1])).server(server), context.connect(name).server(server));
  };
  return start(info.Env(), info[3], begin, info[4].ToBoolean() ? Hold::object : Hold::process);
}

Napi::Value Client::connect(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  mustBeOpen(env);
  const auto connection = std::make_shared<Connection>(
      context_->dispatcher(),
      [call = std::make_shared<Napi::FunctionReference>(Napi::Persistent(info[1].As<Napi::Function>()))](
          Napi::Value peer) { call->Call({peer}); });
  guarded(env, "PVAFLOW_CLIENT", [&] { connection->open(context_->context(), info[0].ToString(), serverOf(info[2])); });
  return keep(env, connection);
}

Napi::Value Client::discover(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  mustBeOpen(env);
  const auto discovery = std::make_shared<Discovery>(context_->dispatcher(), info[0].As<Napi::Function>());
  guarded(env, "PVAFLOW_CLIENT", [&] { discovery->open(context_->context()); });
  return keep(env, discovery);
}

Napi::Value Client::keep(Napi::Env env, const std::shared_ptr<Watch>& watch) {
  const uint32_t id = nextId_++;
  watches_[id] = watch;
  hold();
  return Napi::Number::New(env, id);
}

Napi::Value Client::monitor(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  mustBeOpen(env);
  return guarded(env, "PVAFLOW_CLIENT", [&] {
    return Subscription::make(env, context_, info[0].ToString(), info[1].ToObject());
  });
}

Napi::Value Client::cancel(const Napi::CallbackInfo& info) {
  const uint32_t id = info[0].ToNumber();
  closeWatch(id);
  const auto found = operations_.find(id);
  if (found == operations_.end()) return Napi::Boolean::New(info.Env(), false);
  const auto operation = found->second;
  operation->cancel();
  return Napi::Boolean::New(info.Env(), operation->reached());
}

void Client::closeWatch(uint32_t id) {
  const auto found = watches_.find(id);
  if (found == watches_.end()) return;
  found->second->close();
  watches_.erase(found);
  letGo();
}

Napi::Value Client::config(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  mustBeOpen(env);
  pvxs::client::Config::defs_t definitions;
  context_->context().config().updateDefs(definitions);
  Napi::Object object = Napi::Object::New(env);
  for (const auto& definition : definitions) object.Set(definition.first, definition.second);
  return object;
}

void Client::close(const Napi::CallbackInfo& info) { context_->close(info.Env()); }

void Client::onClientClosed(Napi::Env env) {
  const auto operations = operations_;
  for (const auto& operation : operations) operation.second->fail(env, {"PVAFLOW_CLOSED", "the client was closed"});
  while (!watches_.empty()) closeWatch(watches_.begin()->first);
}

Napi::Value Client::isClosed(const Napi::CallbackInfo& info) { return Napi::Boolean::New(info.Env(), context_->closed()); }

void Client::hold(Hold how) {
  Ref();
  if (how == Hold::process) context_->dispatcher()->ref(Env());
}

void Client::letGo(Hold how) {
  if (how == Hold::process) context_->dispatcher()->unref(Env());
  Unref();
}

}  // namespace pvaflow
