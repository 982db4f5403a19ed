#include "errors.h"

#include "addon.h"

namespace pvaflow {

void fail(Napi::Env env, const char* code, const std::string& message) {
  const Napi::FunctionReference& errorClass = Addon::of(env).errorClass;
  if (!errorClass.IsEmpty()) {
    const Napi::Object error = errorClass.New({Napi::String::New(env, code), Napi::String::New(env, message)});
    throw Napi::Error(env, error);
  }
  Napi::Error error = Napi::Error::New(env, message);
  error.Set("code", Napi::String::New(env, code));
  throw error;
}

Napi::Value setErrorClass(const Napi::CallbackInfo& info) {
  Addon::of(info.Env()).errorClass = Napi::Persistent(info[0].As<Napi::Function>());
  return info.Env().Undefined();
}

}  // namespace pvaflow
