#include "image-header.h"

#include <pvxs/data.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "errors.h"
#include "value.h"

namespace pvaflow {

namespace {

using pvxs::TypeCode;
using ValueArray = pvxs::shared_array<const pvxs::Value>;

/** Where each figure stands in the array: the same list is in src/pva/normative/image-header.ts. */
enum Slot : size_t {
  kType,  // index into the list of types, or one of the negative marks
  kElements,
  kDimensions,  // how many; their sizes begin at kFirstSize
  kColorMode,
  kCompressedSize,
  kUncompressedSize,
  kUniqueId,
  kSeconds,
  kNanoseconds,
  kDataSeconds,
  kDataNanoseconds,
  kFirstSize,
};
constexpr size_t kMaxDimensions = 10;
constexpr size_t kSlots = kFirstSize + kMaxDimensions;

/** Kept, so that no string is made for a look-up: there are a dozen for every frame. */
struct Names {
  const std::string value{"value"}, dimension{"dimension"}, size{"size"}, attribute{"attribute"}, name{"name"};
  const std::string compressedSize{"compressedSize"}, uncompressedSize{"uncompressedSize"}, uniqueId{"uniqueId"};
  const std::string timeStamp{"timeStamp"}, dataTimeStamp{"dataTimeStamp"}, codec{"codec.name"};
  const std::string seconds{"secondsPastEpoch"}, nanoseconds{"nanoseconds"}, colorMode{"ColorMode"};
};
const Names kNames;

constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();
constexpr double kNotSelected = -1;
constexpr double kNotPixels = -2;
constexpr double kUnreadable = -std::numeric_limits<double>::infinity();  // a ColorMode that is no integer

double typeIndex(TypeCode code) {
  switch (code.code) {
    case TypeCode::BoolA: return 0;
    case TypeCode::Int8A: return 1;
    case TypeCode::UInt8A: return 2;
    case TypeCode::Int16A: return 3;
    case TypeCode::UInt16A: return 4;
    case TypeCode::Int32A: return 5;
    case TypeCode::UInt32A: return 6;
    case TypeCode::Int64A: return 7;
    case TypeCode::UInt64A: return 8;
    case TypeCode::Float32A: return 9;
    case TypeCode::Float64A: return 10;
    default: return kNotPixels;
  }
}

bool isInteger(const pvxs::Value& field) { return field.valid() && field.type().kind() == pvxs::Kind::Integer && !field.type().isarray(); }

double integer(const pvxs::Value& field) {
  if (!isInteger(field)) return kAbsent;
  if (field.type().isunsigned()) return static_cast<double>(field.as<uint64_t>());
  return static_cast<double>(field.as<int64_t>());
}

/** What a union has selected or an `any` holds; an empty Value when that is nothing. Other fields are their own content. */
pvxs::Value content(const pvxs::Value& field) {
  if (!field.valid()) return pvxs::Value();
  const TypeCode code = field.type();
  return code == TypeCode::Union || code == TypeCode::Any ? field.as<pvxs::Value>() : field;
}

ValueArray structures(const pvxs::Value& field) {
  return field.valid() && field.type() == TypeCode::StructA ? field.as<ValueArray>() : ValueArray();
}

void readPixels(const pvxs::Value& top, double* figures) {
  const pvxs::Value field = top[kNames.value];
  if (!field.valid()) return;
  const pvxs::Value pixels = content(field);
  figures[kType] = pixels.valid() ? typeIndex(pixels.type()) : kNotSelected;
  if (figures[kType] >= 0) figures[kElements] = static_cast<double>(pixels.as<pvxs::shared_array<const void>>().size());
}

void readDimensions(const pvxs::Value& top, double* figures) {
  const pvxs::Value field = top[kNames.dimension];
  if (!field.valid() || field.type() != TypeCode::StructA) return;
  const ValueArray dimensions = structures(field);
  figures[kDimensions] = static_cast<double>(dimensions.size());
  const size_t count = std::min(dimensions.size(), kMaxDimensions);
  for (size_t i = 0; i < count; i++) {
    const pvxs::Value& dimension = dimensions[i];
    figures[kFirstSize + i] = integer(dimension[kNames.size]);
  }
}

/** The attribute `ColorMode`, the first if there are several. */
double colorMode(const pvxs::Value& top) {
  std::string name;
  for (const pvxs::Value& attribute : structures(top[kNames.attribute])) {
    if (!attribute[kNames.name].as(name) || name != kNames.colorMode) continue;
    const double mode = integer(content(attribute[kNames.value]));
    return std::isnan(mode) ? kUnreadable : mode;
  }
  return kAbsent;
}

void readTime(const pvxs::Value& time, double* seconds, double* nanoseconds) {
  if (!time.valid() || time.type() != TypeCode::Struct) return;
  *seconds = integer(time[kNames.seconds]);
  *nanoseconds = integer(time[kNames.nanoseconds]);
}

}  // namespace

Napi::Value readImageHeader(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  return guarded(env, "PVAFLOW_VALUE", [&]() -> Napi::Value {
    const pvxs::Value& top = Value::of(info[0]).get();
    if (!info[1].IsTypedArray()) throw Napi::TypeError::New(env, "figures must be a Float64Array");
    Napi::Float64Array array = info[1].As<Napi::Float64Array>();
    if (array.TypedArrayType() != napi_float64_array || array.ElementLength() < kSlots) {
      throw Napi::TypeError::New(env, "figures must be a Float64Array of " + std::to_string(kSlots) + " elements");
    }
    double* figures = array.Data();
    std::fill_n(figures, kSlots, kAbsent);
    readPixels(top, figures);
    readDimensions(top, figures);
    figures[kColorMode] = colorMode(top);
    figures[kCompressedSize] = integer(top[kNames.compressedSize]);
    figures[kUncompressedSize] = integer(top[kNames.uncompressedSize]);
    figures[kUniqueId] = integer(top[kNames.uniqueId]);
    readTime(top[kNames.timeStamp], &figures[kSeconds], &figures[kNanoseconds]);
    readTime(top[kNames.dataTimeStamp], &figures[kDataSeconds], &figures[kDataNanoseconds]);
    std::string codec;
    const pvxs::Value name = top[kNames.codec];
    if (name.valid()) name.as(codec);
    return Napi::String::New(env, codec);
  });
}

}  // namespace pvaflow
