#include "gather-image.h"

#include <string>

#include "errors.h"
#include "gather.h"
#include "value/arrays.h"
#include "value/image-layout.h"
#include "value/type-names.h"
#include "value/value.h"

namespace pvaflow::image {

namespace {

const std::string kValue{"value"};

/** What a typed array of one of the ten types can have. */
constexpr double kMaxElements = 4294967296.0;

/** The array that a frame's union has selected. */
pvxs::Value pixelsField(Napi::Env env, const pvxs::Value& top) {
  const pvxs::Value field = top[kValue];
  const bool isUnion = field.valid() && field.type() == pvxs::TypeCode::Union;
  const pvxs::Value selected = isUnion ? field.as<pvxs::Value>() : pvxs::Value();
  const bool isPixels = selected.valid() && (isNumericArray(selected.type()) || selected.type() == pvxs::TypeCode::BoolA);
  if (!isPixels) fail(env, "PVAFLOW_FIELD", "there is no union value that holds pixels");
  return selected;
}

Pixels pixelsOver(const void* data, size_t count, pvxs::TypeCode code) {
  const size_t size = code == pvxs::TypeCode::BoolA ? sizeof(bool) : elementSize(code);
  return {typedArrayType(code), const_cast<void*>(data), count, size};
}

}  // namespace

Napi::Value gatherImage(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, "PVAFLOW_VALUE", [&]() -> Napi::Value {
    Value& frame = Value::of(info[0]);
    const pvxs::Value& top = frame.get();
    const pvxs::Value field = pixelsField(env, top);
    const auto array = field.as<Array>();
    const auto loop = [&](size_t at) { return Loop{static_cast<int64_t>(countOf(info[at])), wholeOf(info[at + 1])}; };
    const Walk walk{wholeOf(info[1]), {loop(2), loop(4), loop(6)}};
    const ImageLayout layout(info, 8, top);
    mustLead(env, walk, array.size(), layout.elements());
    if (layout.elements() > kMaxElements) throw Napi::RangeError::New(env, "too many elements for one image");

    const auto count = static_cast<size_t>(layout.elements());
    pvxs::shared_array<void> made = newNumericArray(field.type(), count);
    const Pixels target = pixelsOver(made.data(), count, field.type());
    gatherAlong(walk, pixelsOver(frame.contentsOf(array), array.size(), field.type()), target);
    layout.writeTo(top, count * target.elementSize);
    frame.selectArray(env, kValue, top[kValue].nameOf(field), made.freeze());
    return env.Undefined();
  });
}

}  // namespace pvaflow::image
