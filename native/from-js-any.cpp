#include "from-js.h"
#include "type-names.h"
#include "type.h"
#include "value.h"

namespace pvaflow {

namespace {

using pvxs::TypeCode;

TypeCode typeOfTypedArray(const Napi::TypedArray& array) {
  for (const TypeCode code : {TypeCode::Int8A, TypeCode::UInt8A, TypeCode::Int16A, TypeCode::UInt16A, TypeCode::Int32A,
                              TypeCode::UInt32A, TypeCode::Int64A, TypeCode::UInt64A, TypeCode::Float32A, TypeCode::Float64A}) {
    if (typedArrayType(code) == array.TypedArrayType()) return code;
  }
  return TypeCode::UInt8A;  // Uint8ClampedArray
}

/** The type that plain data has by itself; Null if that cannot be said. */
TypeCode plainTypeOf(const Napi::Value& value) {
  if (value.IsBoolean()) return TypeCode::Bool;
  if (value.IsNumber()) return TypeCode::Float64;
  if (value.IsBigInt()) return TypeCode::Int64;
  if (value.IsString()) return TypeCode::String;
  if (value.IsTypedArray()) return typeOfTypedArray(value.As<Napi::TypedArray>());
  if (value.IsArray() && value.As<Napi::Array>().Length() > 0) {
    const TypeCode element = plainTypeOf(value.As<Napi::Array>().Get(0u));
    return element.isarray() ? TypeCode(TypeCode::Null) : element.arrayOf();
  }
  return TypeCode::Null;
}

pvxs::Value typed(const Napi::Object& described, const Where& where, Views& views) {
  pvxs::Value result = Type::prototypeOf(described.Get("type")).cloneEmpty();
  if (result.type() == TypeCode::Any) {
    refuseValue(described.Env(), "PVAFLOW_TYPE", where, "a type that says what it holds", "any in any");
  }
  fromJs(result, described.Get("value"), where, views);
  return result;
}

}  // namespace

pvxs::Value anyFromJs(const Napi::Value& value, const Where& where, Views& views) {
  if (value.IsNull()) return {};
  if (Value* source = Value::find(value)) return source->freeze(value.Env(), pvxs::Value(), false);
  const TypeCode code = plainTypeOf(value);
  if (code != TypeCode::Null) {
    pvxs::Value result = pvxs::TypeDef(code).create();
    fromJs(result, value, where, views);
    return result;
  }
  const bool described = value.IsObject() && value.As<Napi::Object>().Has("type") && value.As<Napi::Object>().Has("value");
  if (described) return typed(value.As<Napi::Object>(), where, views);
  refuseValue(value.Env(), "PVAFLOW_VALUE_TYPE", where,
              "null, a PvObject, { type, value }, or a boolean, number, bigint, string or array of these", describe(value));
}

}  // namespace pvaflow
