#include "times.h"

#include <pvxs/data.h>

#include <limits>
#include <string>

#include "errors.h"
#include "value.h"

namespace pvaflow {

namespace {

const std::string kSeconds{"timeStamp.secondsPastEpoch"};
const std::string kNanoseconds{"timeStamp.nanoseconds"};

double integer(const pvxs::Value& top, const std::string& name) {
  const pvxs::Value field = top[name];
  const bool isInteger = field && field.type().kind() == pvxs::Kind::Integer && !field.type().isarray();
  return isInteger ? static_cast<double>(field.as<int64_t>()) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

Napi::Value readTimes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[0].IsArray() || !info[1].IsTypedArray()) throw Napi::TypeError::New(env, "expected values and a Float64Array");
  const Napi::Array values = info[0].As<Napi::Array>();
  Napi::Float64Array figures = info[1].As<Napi::Float64Array>();
  const size_t count = values.Length();
  if (figures.TypedArrayType() != napi_float64_array || figures.ElementLength() < 2 * count) {
    throw Napi::TypeError::New(env, "expected a Float64Array with two elements for each value");
  }
  return guarded(env, "PVAFLOW_VALUE", [&]() -> Napi::Value {
    for (uint32_t i = 0; i < count; i++) {
      const Napi::HandleScope scope(env);
      const pvxs::Value& top = Value::of(values.Get(i)).get();
      figures[2 * i] = integer(top, kSeconds);
      figures[2 * i + 1] = integer(top, kNanoseconds);
    }
    return env.Undefined();
  });
}

}  // namespace pvaflow
