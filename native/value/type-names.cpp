#include "type-names.h"

#include <iterator>

namespace pvaflow {

namespace {

using pvxs::TypeCode;

struct Entry {
  TypeCode::code_t code;
  const char* name;
};

constexpr Entry kNames[] = {
    {TypeCode::Bool, "boolean"}, {TypeCode::Int8, "byte"},     {TypeCode::UInt8, "ubyte"},     {TypeCode::Int16, "short"},
    {TypeCode::UInt16, "ushort"}, {TypeCode::Int32, "int"},    {TypeCode::UInt32, "uint"},     {TypeCode::Int64, "long"},
    {TypeCode::UInt64, "ulong"}, {TypeCode::Float32, "float"}, {TypeCode::Float64, "double"},  {TypeCode::String, "string"},
    {TypeCode::Any, "any"},      {TypeCode::Struct, "structure"}, {TypeCode::Union, "union"},
};

}  // namespace

std::string nameOfType(TypeCode code) {
  for (const Entry& entry : kNames) {
    if (entry.code == code.scalarOf().code) return code.isarray() ? std::string(entry.name) + "[]" : entry.name;
  }
  return "null";
}

TypeCode typeOfName(const std::string& name) {
  const bool array = name.size() > 2 && name.compare(name.size() - 2, 2, "[]") == 0;
  const std::string element = array ? name.substr(0, name.size() - 2) : name;
  for (const Entry& entry : kNames) {
    if (element == entry.name) return array ? TypeCode(entry.code).arrayOf() : TypeCode(entry.code);
  }
  return TypeCode::Null;
}

size_t elementSize(TypeCode code) {
  return code.kind() == pvxs::Kind::Integer || code.kind() == pvxs::Kind::Real ? code.size() : 0;
}

napi_typedarray_type typedArrayType(TypeCode code) {
  switch (code.scalarOf().code) {
    case TypeCode::Int8: return napi_int8_array;
    case TypeCode::Int16: return napi_int16_array;
    case TypeCode::UInt16: return napi_uint16_array;
    case TypeCode::Int32: return napi_int32_array;
    case TypeCode::UInt32: return napi_uint32_array;
    case TypeCode::Int64: return napi_bigint64_array;
    case TypeCode::UInt64: return napi_biguint64_array;
    case TypeCode::Float32: return napi_float32_array;
    case TypeCode::Float64: return napi_float64_array;
    default: return napi_uint8_array;
  }
}

}  // namespace pvaflow
