#include <cstring>

#include "from-js.h"
#include "number.h"
#include "type-names.h"

namespace pvaflow {

namespace {

using pvxs::TypeCode;

std::string expectedArray(TypeCode code) {
  const char* of = code.kind() == pvxs::Kind::Bool ? "booleans" : code.kind() == pvxs::Kind::String ? "strings" : "numbers";
  return std::string("an array of ") + of + " for " + nameOfType(code);
}

[[noreturn]] void refuseElement(Napi::Env env, const char* code, const Where& where, size_t i, TypeCode type, const std::string& found) {
  refuseValue(env, code, Where(where, i), rangeOf(type), found);
}

/** The bytes of a typed array; refused when it was detached, as views are by release(). */
const uint8_t* bytesOf(const Napi::TypedArray& source, const Where& where) {
  if (source.ElementLength() == 0 && source.ArrayBuffer().IsDetached()) {
    refuseValue(source.Env(), "PVAFLOW_VALUE_RELEASED", where, "an array", "a view whose value was released or handed over");
  }
  void* data = nullptr;  // asked for directly: memory that threads share is no ArrayBuffer
  napi_get_typedarray_info(source.Env(), source, nullptr, nullptr, &data, nullptr, nullptr);
  return static_cast<const uint8_t*>(data);
}

napi_typedarray_type plainType(const Napi::TypedArray& source) {
  return source.TypedArrayType() == napi_uint8_clamped_array ? napi_uint8_array : source.TypedArrayType();
}

Array convertTyped(const Napi::TypedArray& source, TypeCode code, const Where& where) {
  const uint8_t* bytes = bytesOf(source, where);
  const size_t count = source.ElementLength();
  const napi_typedarray_type type = plainType(source);
  pvxs::shared_array<void> result = newNumericArray(code, count);
  if (type == typedArrayType(code)) {
    if (count > 0) std::memcpy(result.data(), bytes, source.ByteLength());
    return result.freeze();
  }
  for (size_t i = 0; i < count; i++) {
    Number number = elementOf(type, bytes, i);
    if (!fitNumber(code, number)) {
      refuseElement(source.Env(), "PVAFLOW_VALUE_RANGE", where, i, code, elementOf(type, bytes, i).text());
    }
    storeNumber(code, result.data(), i, number);
  }
  return result.freeze();
}

Array convertPlain(const Napi::Array& source, TypeCode code, const Where& where) {
  const Napi::Env env = source.Env();
  const uint32_t count = source.Length();  // a getter may change it
  pvxs::shared_array<void> result = newNumericArray(code, count);
  for (uint32_t i = 0; i < count; i++) {
    Napi::HandleScope scope(env);
    const Napi::Value element = source[i];
    Number number;
    if (!numberFromJs(element, number)) refuseElement(env, "PVAFLOW_VALUE_TYPE", where, i, code, describe(element));
    if (!fitNumber(code, number)) refuseElement(env, "PVAFLOW_VALUE_RANGE", where, i, code, describe(element));
    storeNumber(code, result.data(), i, number);
  }
  return result.freeze();
}

Array allocated(TypeCode code, const Allocation& wanted) {
  return wanted.isZero ? zeroArray(code, wanted.count).freeze() : newNumericArray(code, wanted.count).freeze();
}

void numbers(pvxs::Value& field, const Napi::Value& value, const Where& where, Views& views) {
  const TypeCode code = field.type();
  const auto old = field.as<Array>();
  if (views.isViewOf(value, old)) return field.mark();
  if (value.IsExternal()) {
    field.from(allocated(code, *value.As<Napi::External<Allocation>>().Data()));
  } else if (value.IsTypedArray()) {
    field.from(convertTyped(value.As<Napi::TypedArray>(), code, where));
  } else if (value.IsArray()) {
    field.from(convertPlain(value.As<Napi::Array>(), code, where));
  } else {
    refuseValue(value.Env(), "PVAFLOW_VALUE_TYPE", where, expectedArray(code), describe(value));
  }
  views.replaced(old);
}

void booleans(pvxs::Value& field, const Napi::Value& value, const Where& where) {
  if (!value.IsArray()) refuseValue(value.Env(), "PVAFLOW_VALUE_TYPE", where, expectedArray(field.type()), describe(value));
  const Napi::Array source = value.As<Napi::Array>();
  const uint32_t count = source.Length();
  pvxs::shared_array<bool> result(count);
  for (uint32_t i = 0; i < count; i++) {
    Napi::HandleScope scope(value.Env());
    const Napi::Value element = source[i];
    if (!element.IsBoolean()) {
      refuseValue(value.Env(), "PVAFLOW_VALUE_TYPE", Where(where, i), "true or false", describe(element));
    }
    result[i] = element.As<Napi::Boolean>().Value();
  }
  field.from(result.freeze());
}

void strings(pvxs::Value& field, const Napi::Value& value, const Where& where) {
  if (!value.IsArray()) refuseValue(value.Env(), "PVAFLOW_VALUE_TYPE", where, expectedArray(field.type()), describe(value));
  const Napi::Array source = value.As<Napi::Array>();
  const uint32_t count = source.Length();
  pvxs::shared_array<std::string> result(count);
  for (uint32_t i = 0; i < count; i++) {
    Napi::HandleScope scope(value.Env());
    const Napi::Value element = source[i];
    if (!element.IsString()) {
      refuseValue(value.Env(), "PVAFLOW_VALUE_TYPE", Where(where, i), "a string", describe(element));
    }
    result[i] = element.As<Napi::String>().Utf8Value();
  }
  field.from(result.freeze());
}

}  // namespace

void arrayFromJs(pvxs::Value& field, const Napi::Value& value, const Where& where, Views& views) {
  switch (field.type().kind()) {
    case pvxs::Kind::Bool: return booleans(field, value, where);
    case pvxs::Kind::String: return strings(field, value, where);
    default: return numbers(field, value, where, views);
  }
}

}  // namespace pvaflow
