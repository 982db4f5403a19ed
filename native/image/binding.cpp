#include "kernels.h"
#include "vectorised.h"

namespace pvaflow::image {

namespace {

Napi::Value setBestVectors(const Napi::CallbackInfo& info) {
  useBestVectors(info[0].ToBoolean());
  return info.Env().Undefined();
}

}  // namespace

Napi::Object define(Napi::Env env) {
  Napi::Object functions = Napi::Object::New(env);
  const auto add = [&](const char* name, auto* function) { functions.Set(name, Napi::Function::New(env, function, name)); };
  add("gather", &gather);
  add("bin", &bin);
  add("luminance", &luminance);
  add("threshold", &threshold);
  add("correct", &correct);
  add("scale", &scale);
  add("add", &image::add);
  add("addLong", &addLong);
  add("store", &store);
  add("storeLong", &storeLong);
  add("slide", &slide);
  add("sumAnew", &sumAnew);
  add("moveAverage", &moveAverage);
  add("moments", &moments);
  add("profiles", &profiles);
  add("histogram", &histogram);
  add("findHot", &findHot);
  add("repairHot", &repairHot);
  add("useBestVectors", &setBestVectors);
  return functions;
}

}  // namespace pvaflow::image
