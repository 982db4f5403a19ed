#include "image-layout.h"

#include <array>
#include <string>

#include "arrays.h"
#include "errors.h"
#include "number.h"
#include "value.h"

namespace pvaflow {

namespace {

using pvxs::TypeCode;

/** Kept, so that no string is made for a look-up. */
const std::string kDimension{"dimension"};
const std::array<std::string, 2> kSizes{"compressedSize", "uncompressedSize"};

/** Figures of a dimension, in this order: the same list is in src/pva/normative/image-layout.ts. */
const std::array<std::string, 5> kFields{"size", "offset", "fullSize", "binning", "reverse"};

Napi::Float64Array figuresOf(const Napi::Value& value) {
  const bool fits = value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_float64_array;
  if (!fits) throw Napi::TypeError::New(value.Env(), "figures must be a Float64Array");
  return value.As<Napi::Float64Array>();
}

bool isNumber(const pvxs::Value& field) {
  if (!field.valid() || field.type().isarray()) return false;
  const pvxs::Kind kind = field.type().kind();
  return kind == pvxs::Kind::Integer || kind == pvxs::Kind::Bool;
}

bool readDimension(const pvxs::Value& dimension, double* figures) {
  if (!dimension.valid()) return false;
  for (const std::string& name : kFields) {
    const pvxs::Value field = dimension[name];
    if (!isNumber(field)) return false;
    *figures++ = field.as<double>();
  }
  return true;
}

void writeField(Napi::Env env, pvxs::Value field, double figure, const std::string& name) {
  if (!field.valid()) fail(env, "PVAFLOW_FIELD", "a dimension has no field " + name);
  if (field.type() == TypeCode::Bool) return field.from(figure != 0);
  Number number;
  number.real = figure;
  if (!fitNumber(field.type(), number))
    fail(env, "PVAFLOW_VALUE_RANGE", "field dimension." + name + ": expected " + rangeOf(field.type()) + ", found " + number.text());
  field.from(figure);
}

}  // namespace

Napi::Value readDimensions(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, "PVAFLOW_VALUE", [&]() -> Napi::Value {
    const pvxs::Value field = Value::of(info[0]).get()[kDimension];
    Napi::Float64Array figures = figuresOf(info[1]);
    if (!field.valid() || field.type() != TypeCode::StructA) return Napi::Number::New(env, -1);
    const auto dimensions = field.as<ValueArray>();
    bool isPlain = dimensions.size() * kFields.size() <= figures.ElementLength();
    for (size_t i = 0; isPlain && i < dimensions.size(); i++) isPlain = readDimension(dimensions[i], figures.Data() + i * kFields.size());
    return Napi::Number::New(env, isPlain ? static_cast<double>(dimensions.size()) : -1);
  });
}

ImageLayout::ImageLayout(const Napi::CallbackInfo& info, size_t at, const pvxs::Value& top) {
  const Napi::Env env = info.Env();
  const Napi::Float64Array figures = figuresOf(info[at]);
  const uint32_t count = info[at + 1].ToNumber().Uint32Value();
  if (figures.ElementLength() < count * kFields.size()) throw Napi::RangeError::New(env, "there are fewer figures than dimensions have");
  pvxs::Value field = pvxs::Value(top)[kDimension];
  if (!field.valid() || field.type() != TypeCode::StructA) fail(env, "PVAFLOW_FIELD", "there is no array of structures dimension");
  pvxs::shared_array<pvxs::Value> dimensions(count);
  for (size_t i = 0; i < count; i++) {
    dimensions[i] = field.allocMember();
    const double* of = figures.Data() + i * kFields.size();
    elements_ *= *of;
    for (const std::string& name : kFields) writeField(env, dimensions[i][name], *of++, name);
  }
  dimensions_ = dimensions.freeze();
}

void ImageLayout::writeTo(pvxs::Value top, size_t bytes) const {
  for (const std::string& name : kSizes) {
    pvxs::Value size = top[name];
    if (size.valid()) size.from(static_cast<int64_t>(bytes));
  }
  top[kDimension].from(dimensions_);
}

Napi::Value writeLayout(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, "PVAFLOW_VALUE", [&]() -> Napi::Value {
    const pvxs::Value& top = Value::of(info[0]).get();
    const int64_t bytes = info[1].ToNumber().Int64Value();
    if (bytes < 0) throw Napi::RangeError::New(env, "a size is not negative");
    ImageLayout(info, 2, top).writeTo(top, static_cast<size_t>(bytes));
    return env.Undefined();
  });
}

}  // namespace pvaflow
