#pragma once
#include <napi.h>
#include <pvxs/data.h>

#include <string>

namespace pvaflow {

/** A number from JavaScript or from an element of a typed array, exact. */
struct Number {
  enum class Kind { Real, Signed, Unsigned, TooLarge };
  Kind kind = Kind::Real;
  double real = 0;
  int64_t integer = 0;
  uint64_t natural = 0;

  std::string text() const;
};

/** False if `value` is neither a number nor a bigint. */
bool numberFromJs(const Napi::Value& value, Number& number);

/** Element `index` of a typed array whose bytes start at `data`. */
Number elementOf(napi_typedarray_type type, const void* data, size_t index);

/** Turns `number` into the kind that a field of `code` stores. False if a field of that type cannot hold it. */
bool fitNumber(pvxs::TypeCode code, Number& number);

/** Writes a number that fits as element `index` of an array of `code`. */
void storeNumber(pvxs::TypeCode code, void* data, size_t index, const Number& number);

/** What a field of `code` can hold, for messages: "a number from -128 to 127". */
std::string rangeOf(pvxs::TypeCode code);

}  // namespace pvaflow
