#include "from-js.h"
#include "nesting.h"
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
  return TypeCode::Null;
}

/** The same with arrays of plain data, for which the first element speaks. */
TypeCode plainArrayTypeOf(const Napi::Value& value) {
  if (!value.IsArray() || value.As<Napi::Array>().Length() == 0) return plainTypeOf(value);
  const TypeCode element = plainTypeOf(value.As<Napi::Array>().Get(0u));
  return element.isarray() ? TypeCode(TypeCode::Null) : element.arrayOf();
}

[[noreturn]] void refuseDepth(Napi::Env env, const Where& where) {
  refuseValue(env, "PVAFLOW_VALUE_TYPE", where, "at most " + std::to_string(kMaxNesting) + " levels in each other, as pvAccess has it", "more");
}

pvxs::Value copied(Value& source, Napi::Env env, const Where& where) {
  const pvxs::Value snapshot = source.freeze(env, pvxs::Value(), false);
  if (where.depth + nestingOf(snapshot, kMaxNesting) > kMaxNesting) refuseDepth(env, where);
  return snapshot.type() == TypeCode::Any ? snapshot.as<pvxs::Value>() : snapshot;
}

pvxs::Value typed(const Napi::Object& described, const Where& where, Views& views) {
  pvxs::Value result = Type::prototypeOf(described.Get("type")).cloneEmpty();
  if (result.type() == TypeCode::Any) {
    refuseValue(described.Env(), "PVAFLOW_TYPE", where, "a type that says what it holds", "any in any");
  }
  if (where.depth + nestingOf(result, kMaxNesting) > kMaxNesting) refuseDepth(described.Env(), where);
  fromJs(result, described.Get("value"), where, views);
  return result;
}

}  // namespace

pvxs::Value anyFromJs(const Napi::Value& value, const Where& where, Views& views) {
  if (value.IsNull()) return {};
  if (Value* source = Value::find(value)) return copied(*source, value.Env(), where);
  const TypeCode code = plainArrayTypeOf(value);
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
