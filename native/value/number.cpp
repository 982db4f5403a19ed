#include "number.h"

#include <cmath>
#include <limits>
#include <sstream>

namespace pvaflow {

namespace {

using pvxs::TypeCode;

constexpr double kTwo63 = 9223372036854775808.0;
constexpr double kTwo64 = 18446744073709551616.0;
constexpr int64_t kExactDouble = int64_t(1) << 53;

bool toSigned(Number& number) {
  switch (number.kind) {
    case Number::Kind::Signed: return true;
    case Number::Kind::Unsigned:
      number.integer = static_cast<int64_t>(number.natural);
      number.kind = Number::Kind::Signed;
      return number.integer >= 0;
    case Number::Kind::Real:
      if (!(number.real >= -kTwo63 && number.real < kTwo63) || number.real != std::trunc(number.real)) return false;
      number.integer = static_cast<int64_t>(number.real);
      number.kind = Number::Kind::Signed;
      return true;
    case Number::Kind::TooLarge: break;
  }
  return false;
}

bool toUnsigned(Number& number) {
  switch (number.kind) {
    case Number::Kind::Unsigned: return true;
    case Number::Kind::Signed:
      number.natural = static_cast<uint64_t>(number.integer);
      number.kind = Number::Kind::Unsigned;
      return number.integer >= 0;
    case Number::Kind::Real:
      if (!(number.real >= 0 && number.real < kTwo64) || number.real != std::trunc(number.real)) return false;
      number.natural = static_cast<uint64_t>(number.real);
      number.kind = Number::Kind::Unsigned;
      return true;
    case Number::Kind::TooLarge: break;
  }
  return false;
}

bool toReal(Number& number) {
  switch (number.kind) {
    case Number::Kind::Real: return true;
    case Number::Kind::Signed:
      number.real = static_cast<double>(number.integer);
      number.kind = Number::Kind::Real;
      return number.integer >= -kExactDouble && number.integer <= kExactDouble;
    case Number::Kind::Unsigned:
      number.real = static_cast<double>(number.natural);
      number.kind = Number::Kind::Real;
      return number.natural <= static_cast<uint64_t>(kExactDouble);
    case Number::Kind::TooLarge: break;
  }
  return false;
}

template <typename T>
bool withinSigned(Number& number) {
  return toSigned(number) && number.integer >= std::numeric_limits<T>::min() && number.integer <= std::numeric_limits<T>::max();
}

template <typename T>
bool withinUnsigned(Number& number) {
  return toUnsigned(number) && number.natural <= std::numeric_limits<T>::max();
}

bool withinFloat(Number& number) {
  return toReal(number) && (!std::isfinite(number.real) || std::isfinite(static_cast<float>(number.real)));
}

template <typename T>
void put(void* data, size_t index, T value) {
  static_cast<T*>(data)[index] = value;
}

template <typename T>
std::string limits() {
  return "an integer from " + std::to_string(std::numeric_limits<T>::min()) + " to " + std::to_string(std::numeric_limits<T>::max());
}

Number real(double value) {
  Number number;
  number.real = value;
  return number;
}

Number integer(int64_t value) {
  Number number;
  number.kind = Number::Kind::Signed;
  number.integer = value;
  return number;
}

Number natural(uint64_t value) {
  Number number;
  number.kind = Number::Kind::Unsigned;
  number.natural = value;
  return number;
}

Number bigNumber(const Napi::BigInt& value) {
  bool exact = false;
  const int64_t low = value.Int64Value(&exact);
  if (exact) return integer(low);
  const uint64_t high = value.Uint64Value(&exact);
  if (exact) return natural(high);
  Number number;
  number.kind = Number::Kind::TooLarge;
  return number;
}

}  // namespace

std::string Number::text() const {
  std::ostringstream out;
  out.precision(17);
  switch (kind) {
    case Kind::Real: out << real; break;
    case Kind::Signed: out << integer; break;
    case Kind::Unsigned: out << natural; break;
    case Kind::TooLarge: return "an integer of more than 64 bits";
  }
  return out.str();
}

bool numberFromJs(const Napi::Value& value, Number& number) {
  if (value.IsNumber()) {
    number = real(value.As<Napi::Number>().DoubleValue());
    return true;
  }
  if (!value.IsBigInt()) return false;
  number = bigNumber(value.As<Napi::BigInt>());
  return true;
}

Number elementOf(napi_typedarray_type type, const void* data, size_t i) {
  switch (type) {
    case napi_int8_array: return integer(static_cast<const int8_t*>(data)[i]);
    case napi_int16_array: return integer(static_cast<const int16_t*>(data)[i]);
    case napi_int32_array: return integer(static_cast<const int32_t*>(data)[i]);
    case napi_bigint64_array: return integer(static_cast<const int64_t*>(data)[i]);
    case napi_uint16_array: return natural(static_cast<const uint16_t*>(data)[i]);
    case napi_uint32_array: return natural(static_cast<const uint32_t*>(data)[i]);
    case napi_biguint64_array: return natural(static_cast<const uint64_t*>(data)[i]);
    case napi_float32_array: return real(static_cast<const float*>(data)[i]);
    case napi_float64_array: return real(static_cast<const double*>(data)[i]);
    default: return natural(static_cast<const uint8_t*>(data)[i]);
  }
}

bool fitNumber(TypeCode code, Number& number) {
  switch (code.scalarOf().code) {
    case TypeCode::Int8: return withinSigned<int8_t>(number);
    case TypeCode::Int16: return withinSigned<int16_t>(number);
    case TypeCode::Int32: return withinSigned<int32_t>(number);
    case TypeCode::Int64: return toSigned(number);
    case TypeCode::UInt8: return withinUnsigned<uint8_t>(number);
    case TypeCode::UInt16: return withinUnsigned<uint16_t>(number);
    case TypeCode::UInt32: return withinUnsigned<uint32_t>(number);
    case TypeCode::UInt64: return toUnsigned(number);
    case TypeCode::Float32: return withinFloat(number);
    case TypeCode::Float64: return toReal(number);
    default: return false;
  }
}

void storeNumber(TypeCode code, void* data, size_t i, const Number& number) {
  switch (code.scalarOf().code) {
    case TypeCode::Int8: return put(data, i, static_cast<int8_t>(number.integer));
    case TypeCode::Int16: return put(data, i, static_cast<int16_t>(number.integer));
    case TypeCode::Int32: return put(data, i, static_cast<int32_t>(number.integer));
    case TypeCode::Int64: return put(data, i, number.integer);
    case TypeCode::UInt8: return put(data, i, static_cast<uint8_t>(number.natural));
    case TypeCode::UInt16: return put(data, i, static_cast<uint16_t>(number.natural));
    case TypeCode::UInt32: return put(data, i, static_cast<uint32_t>(number.natural));
    case TypeCode::UInt64: return put(data, i, number.natural);
    case TypeCode::Float32: return put(data, i, static_cast<float>(number.real));
    default: return put(data, i, number.real);
  }
}

std::string rangeOf(TypeCode code) {
  switch (code.scalarOf().code) {
    case TypeCode::Int8: return limits<int8_t>();
    case TypeCode::Int16: return limits<int16_t>();
    case TypeCode::Int32: return limits<int32_t>();
    case TypeCode::Int64: return limits<int64_t>();
    case TypeCode::UInt8: return limits<uint8_t>();
    case TypeCode::UInt16: return limits<uint16_t>();
    case TypeCode::UInt32: return limits<uint32_t>();
    case TypeCode::UInt64: return limits<uint64_t>();
    case TypeCode::Float32: return "a number that a 32-bit float can hold";
    default: return "a number that a double can hold exactly";
  }
}

}  // namespace pvaflow
