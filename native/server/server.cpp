#include "server.h"

#include "channel.h"
#include "errors.h"

namespace pvaflow {

namespace {

pvxs::server::Config configFrom(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const bool isolated = info[1].ToBoolean();
  pvxs::server::Config config = isolated ? pvxs::server::Config::isolated() : pvxs::server::Config();
  if (!info[0].IsObject()) throw Napi::TypeError::New(env, "expected an object of EPICS_PVAS_* definitions");
  const Napi::Object object = info[0].As<Napi::Object>();
  pvxs::server::Config::defs_t definitions;
  const Napi::Array names = object.GetPropertyNames();
  for (uint32_t i = 0; i < names.Length(); i++) {
    const std::string name = names.Get(i).ToString();
    definitions[name] = object.Get(name).ToString();
  }
  return config.applyDefs(definitions);
}

ServedChannel::Options optionsFrom(const Napi::Object& object) {
  ServedChannel::Options options;
  options.limits.frames = static_cast<size_t>(object.Get("frames").ToNumber().Int64Value());
  options.limits.bytes = static_cast<size_t>(object.Get("bytes").ToNumber().Int64Value());
  options.limits.onFull = onFullOf(object.Get("onFull"));
  options.acceptsPut = object.Get("acceptsPut").ToBoolean();
  options.acceptsRpc = object.Get("acceptsRpc").ToBoolean();
  return options;
}

}  // namespace

Napi::Function Server::define(Napi::Env env) {
  return DefineClass(env, "Server",
                     {InstanceMethod<&Server::addChannel>("addChannel"), InstanceMethod<&Server::removeChannel>("removeChannel"),
                      InstanceMethod<&Server::channels>("channels"), InstanceMethod<&Server::config>("config"),
                      InstanceMethod<&Server::connections>("connections"), InstanceMethod<&Server::close>("close"),
                      InstanceMethod<&Server::ref>("ref"), InstanceMethod<&Server::unref>("unref"),
                      InstanceAccessor<&Server::port>("port"), InstanceAccessor<&Server::threads>("threads")});
}

Server::Server(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Server>(info) {
  guarded(info.Env(), "PVAFLOW_SERVER", [&] {
    threads_ = std::make_unique<ServerThreads>(configFrom(info), info[2].ToNumber().Uint32Value(), served_);
    threads_->start();
  });
  threads_->config().updateDefs(definitions_);
  port_ = threads_->config().tcp_port;
  open_ = true;
  Addon::of(info.Env()).open.insert(this);
  Ref();
  hold(true);
}

Server::~Server() { closeNow(); }

void Server::closeNow() {
  if (!open_) return;
  open_ = false;
  Addon::of(Env()).open.erase(this);
  for (auto& entry : channels_) entry.second.channel->closeNow();
  channels_.clear();
  feeder_->stop();
  threads_.reset();
  hold(false);
  Unref();
}

void Server::hold(bool held) {
  if (held == held_) return;
  held_ = held;
  Dispatcher& dispatcher = *Addon::of(Env()).dispatcher;
  held ? dispatcher.ref(Env()) : dispatcher.unref(Env());
}

void Server::mustBeOpen(Napi::Env env) const {
  if (!open_) fail(env, "PVAFLOW_SERVER_CLOSED", "the server is closed");
}

Napi::Value Server::addChannel(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  mustBeOpen(env);
  const std::string name = info[0].ToString();
  const auto served = std::make_shared<ServedChannel>(name, optionsFrom(info[1].As<Napi::Object>()), Addon::of(env).dispatcher, feeder_);
  if (!served_->add(served)) fail(env, "PVAFLOW_CHANNEL_EXISTS", "this server has a channel " + name + " already");
  const Napi::Object channel = Channel::wrap(env, served, info[2].As<Napi::Object>());
  channels_[name] = {Napi::Persistent(channel), &Channel::of(channel)};
  return channel;
}

Napi::Value Server::removeChannel(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const auto found = channels_.find(info[0].ToString());
  if (found == channels_.end()) return Napi::Boolean::New(env, false);
  served_->remove(found->first);
  guarded(env, "PVAFLOW_CHANNEL", [&] { found->second.channel->closeNow(); });
  channels_.erase(found);
  return Napi::Boolean::New(env, true);
}

Napi::Value Server::channels(const Napi::CallbackInfo& info) {
  Napi::Array names = Napi::Array::New(info.Env());
  for (const auto& entry : channels_) names.Set(names.Length(), entry.first);
  return names;
}

Napi::Value Server::config(const Napi::CallbackInfo& info) {
  Napi::Object config = Napi::Object::New(info.Env());
  for (const auto& definition : definitions_) config.Set(definition.first, definition.second);
  return config;
}

Napi::Value Server::port(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), port_); }

Napi::Value Server::connections(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  mustBeOpen(env);
  const auto reports = guarded(env, "PVAFLOW_SERVER", [&] { return threads_->report(); });
  Napi::Array connections = Napi::Array::New(env);
  for (size_t thread = 0; thread < reports.size(); thread++) {
    for (const auto& connection : reports[thread].connections) {
      Napi::Object entry = Napi::Object::New(env);
      entry.Set("peer", connection.peer);
      entry.Set("account", connection.credentials->account);
      entry.Set("channels", static_cast<double>(connection.channels.size()));
      entry.Set("sentBytes", static_cast<double>(connection.tx));
      entry.Set("receivedBytes", static_cast<double>(connection.rx));
      entry.Set("thread", static_cast<double>(thread));
      connections.Set(connections.Length(), entry);
    }
  }
  return connections;
}

Napi::Value Server::threads(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), threads_ ? static_cast<double>(threads_->size()) : 0);
}

void Server::close(const Napi::CallbackInfo& info) {
  guarded(info.Env(), "PVAFLOW_SERVER", [&] { closeNow(); });
}

void Server::ref(const Napi::CallbackInfo&) { hold(open_); }

void Server::unref(const Napi::CallbackInfo&) { hold(false); }

}  // namespace pvaflow
