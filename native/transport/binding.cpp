#include "binding.h"

#include "settings.h"

namespace pvaflow::transport {

namespace {

Napi::Value settings(const Napi::CallbackInfo& info) {
  auto result = Napi::Object::New(info.Env());
  for (const auto* setting : Settings::get().all) result.Set(setting->name, setting->on.load());
  return result;
}

/** Sets those named. Without effect where the remedies do not exist. */
Napi::Value configure(const Napi::CallbackInfo& info) {
  if (!info[0].IsObject()) throw Napi::TypeError::New(info.Env(), "transport settings must be an object");
  const auto wanted = info[0].As<Napi::Object>();
  for (auto* setting : Settings::get().all) {
    const Napi::Value value = wanted.Get(setting->name);
    if (value.IsBoolean()) setting->on = available && value.As<Napi::Boolean>();
  }
  return info.Env().Undefined();
}

}  // namespace

Napi::Object define(Napi::Env env) {
  auto exports = Napi::Object::New(env);
  exports.Set("settings", Napi::Function::New(env, settings, "settings"));
  exports.Set("configure", Napi::Function::New(env, configure, "configure"));
  return exports;
}

}  // namespace pvaflow::transport
