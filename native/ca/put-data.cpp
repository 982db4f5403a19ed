#include "put-data.h"

#include <cmath>
#include <cstdio>
#include <cstring>

#include "errors.h"
#include "value/from-js.h"

namespace pvaflow::ca {

namespace {

constexpr double kExact = 9007199254740992.0;  // 2^53: from there on doubles skip whole numbers

double exact(const Napi::BigInt& value) {
  bool lossless = false;
  const auto number = static_cast<double>(value.Int64Value(&lossless));
  if (!lossless || std::abs(number) > kExact) fail(value.Env(), "PVAFLOW_VALUE_RANGE", "expected a number below 2^53, found " + describe(value));
  return number;
}

void addElement(PutData& data, const Napi::Value& value) {
  if (value.IsNumber()) data.numbers.push_back(value.As<Napi::Number>());
  else if (value.IsBoolean()) data.numbers.push_back(value.As<Napi::Boolean>() ? 1 : 0);
  else if (value.IsBigInt()) data.numbers.push_back(exact(value.As<Napi::BigInt>()));
  else if (value.IsString()) data.texts.push_back(value.As<Napi::String>());
  else fail(value.Env(), "PVAFLOW_VALUE_TYPE", "expected numbers or texts, found " + describe(value));
}

template <typename T>
std::vector<double> numbersOf(const Napi::TypedArray& array) {
  const auto typed = array.As<Napi::TypedArrayOf<T>>();
  return std::vector<double>(typed.Data(), typed.Data() + typed.ElementLength());
}

/** True if the array is one of numbers that doubles hold exactly. */
bool addNumbers(PutData& data, const Napi::TypedArray& array) {
  switch (array.TypedArrayType()) {
    case napi_int8_array: data.numbers = numbersOf<int8_t>(array); return true;
    case napi_uint8_array:
    case napi_uint8_clamped_array: data.numbers = numbersOf<uint8_t>(array); return true;
    case napi_int16_array: data.numbers = numbersOf<int16_t>(array); return true;
    case napi_uint16_array: data.numbers = numbersOf<uint16_t>(array); return true;
    case napi_int32_array: data.numbers = numbersOf<int32_t>(array); return true;
    case napi_uint32_array: data.numbers = numbersOf<uint32_t>(array); return true;
    case napi_float32_array: data.numbers = numbersOf<float>(array); return true;
    case napi_float64_array: data.numbers = numbersOf<double>(array); return true;
    default: return false;
  }
}

/** The elements of a typed array or an array. */
void addElements(PutData& data, const Napi::Object& elements) {
  if (elements.IsTypedArray() && addNumbers(data, elements.As<Napi::TypedArray>())) return;
  const uint32_t length = elements.Get("length").ToNumber();
  for (uint32_t i = 0; i < length; i++) {
    const Napi::HandleScope scope(elements.Env());
    addElement(data, elements.Get(i));
  }
}

template <typename T>
std::vector<char> packed(const std::vector<double>& numbers) {
  std::vector<char> bytes(numbers.size() * sizeof(T));
  for (size_t i = 0; i < numbers.size(); i++) {
    const auto number = static_cast<T>(numbers[i]);
    std::memcpy(bytes.data() + i * sizeof(T), &number, sizeof(T));
  }
  return bytes;
}

void mustFit(const std::vector<double>& numbers, double least, double most, const Layout& layout) {
  for (const double number : numbers) {
    if (number >= least && number <= most && std::trunc(number) == number) continue;
    char text[160];
    std::snprintf(text, sizeof text, "expected a whole number from %.0f to %.0f (%s), found %.17g", least, most, layout.nativeName(), number);
    throw PutRefused("PVAFLOW_VALUE_RANGE", text);
  }
}

/** Channel Access has one type of 8 bits, and both kinds of records use it. */
std::vector<char> packedBytes(const std::vector<double>& numbers, const Layout& layout) {
  mustFit(numbers, -128, 255, layout);
  std::vector<char> bytes;
  for (const double number : numbers) bytes.push_back(static_cast<char>(static_cast<int>(number)));
  return bytes;
}

std::vector<char> packedTexts(const std::vector<std::string>& texts) {
  std::vector<char> bytes(texts.size() * sizeof(dbr_string_t));
  for (size_t i = 0; i < texts.size(); i++) {
    if (texts[i].size() >= sizeof(dbr_string_t)) throw PutRefused("PVAFLOW_VALUE_RANGE", "expected a text of at most 39 bytes, found \"" + texts[i] + "\"");
    std::memcpy(bytes.data() + i * sizeof(dbr_string_t), texts[i].data(), texts[i].size());
  }
  return bytes;
}

std::vector<std::string> printed(const std::vector<double>& numbers) {
  std::vector<std::string> texts;
  for (const double number : numbers) {
    char text[sizeof(dbr_string_t)];
    std::snprintf(text, sizeof text, "%.15g", number);
    texts.emplace_back(text);
  }
  return texts;
}

PutBuffer encodeText(const std::vector<std::string>& texts, const Layout& layout) {
  if (layout.native() != DBF_CHAR || layout.count() == 1 || texts.size() != 1)
    return {DBR_STRING, texts.size(), packedTexts(texts)};
  std::vector<char> bytes(texts[0].begin(), texts[0].end());
  bytes.push_back(0);
  return {DBR_CHAR, bytes.size(), std::move(bytes)};
}

PutBuffer encodeNumbers(const std::vector<double>& numbers, const Layout& layout) {
  const unsigned long count = numbers.size();
  switch (layout.native()) {
    case DBF_STRING: return {DBR_STRING, count, packedTexts(printed(numbers))};
    case DBF_CHAR: return {DBR_CHAR, count, packedBytes(numbers, layout)};
    case DBF_SHORT: mustFit(numbers, -32768, 32767, layout); return {DBR_SHORT, count, packed<dbr_short_t>(numbers)};
    case DBF_ENUM: mustFit(numbers, 0, 65535, layout); return {DBR_ENUM, count, packed<dbr_enum_t>(numbers)};
    case DBF_LONG: mustFit(numbers, -2147483648.0, 2147483647.0, layout); return {DBR_LONG, count, packed<dbr_long_t>(numbers)};
    case DBF_FLOAT: return {DBR_FLOAT, count, packed<dbr_float_t>(numbers)};
    default: return {DBR_DOUBLE, count, packed<dbr_double_t>(numbers)};
  }
}

}  // namespace

PutData putDataFrom(const Napi::Value& value) {
  PutData data;
  data.array = value.IsArray() || value.IsTypedArray();
  if (data.array) addElements(data, value.As<Napi::Object>());
  else addElement(data, value);
  if (!data.numbers.empty() && !data.texts.empty()) fail(value.Env(), "PVAFLOW_VALUE_TYPE", "expected numbers or texts, found both");
  return data;
}

PutBuffer encode(const PutData& data, const Layout& layout) {
  PutBuffer buffer = data.texts.empty() ? encodeNumbers(data.numbers, layout) : encodeText(data.texts, layout);
  if (buffer.count == 0) throw PutRefused("PVAFLOW_VALUE_RANGE", "Channel Access cannot put an array without elements");
  if (buffer.count > layout.count()) {
    throw PutRefused("PVAFLOW_VALUE_RANGE", "expected at most " + std::to_string(layout.count()) + " elements, found " + std::to_string(buffer.count));
  }
  return buffer;
}

}  // namespace pvaflow::ca
