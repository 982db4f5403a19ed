#include "value-reader.h"

#include <algorithm>

#include "value/arrays.h"
#include "value/type-names.h"

namespace pvaflow::stream {

using pvxs::TypeCode;

namespace {

constexpr unsigned kMaxDepth = 20;
constexpr size_t kMaxBits = 1 << 20;
constexpr size_t kTrusted = 4 << 20;  // of a message whose length is not known, so much memory is taken on its word

/** A count of elements of at least `width` bytes. An array cannot be longer than the rest of its message. */
size_t countOf(Input& input, size_t width) {
  const size_t count = input.size();
  if (!input.continues() && count > input.left() / width) throw Malformed("an array is longer than its message");
  return count;
}

/** Of a message in segments: memory is taken as the numbers come. */
pvxs::shared_array<void> growing(Input& input, TypeCode code, size_t width, size_t count) {
  size_t room = std::min(count, kTrusted / width);
  auto array = newNumericArray(code, room);
  input.numbers(array.data(), width, room);
  for (size_t there = room; there < count; there = room) {
    room = std::min(count, there * 4);
    auto larger = newNumericArray(code, room);
    std::memcpy(larger.data(), array.data(), there * width);
    input.numbers(static_cast<char*>(larger.data()) + there * width, width, room - there);
    array = std::move(larger);
  }
  return array;
}

Array numbersOf(Input& input, TypeCode code) {
  const size_t width = elementSize(code);
  const size_t count = countOf(input, width);
  if (auto there = input.borrow(width, count)) return Array(std::move(there), count, code.arrayType());
  if (input.continues() && count * width > std::max(kTrusted, input.left())) return growing(input, code, width, count).freeze();
  auto array = newNumericArray(code, count);
  input.numbers(array.data(), width, count);
  return array.freeze();
}

Array booleans(Input& input) {
  const size_t count = countOf(input, 1);
  std::vector<bool> bits;
  for (size_t i = 0; i < count; i++) bits.push_back(input.number<uint8_t>() != 0);
  pvxs::shared_array<bool> array(count);
  std::copy(bits.begin(), bits.end(), array.begin());
  return array.freeze().castTo<const void>();
}

Array texts(Input& input) {
  const size_t count = countOf(input, 1);
  std::vector<std::string> texts;
  for (size_t i = 0; i < count; i++) texts.push_back(input.text());
  return pvxs::shared_array<std::string>(texts.begin(), texts.end()).freeze().castTo<const void>();
}

}  // namespace

Array ValueReader::numbers(Input& input, TypeCode code) {
  const Array array = numbersOf(input, code);
  const bool mayStandIn = inbox_ && shared::Inbox::mayStandIn(array.size() * elementSize(code));
  return mayStandIn ? inbox_->resolve(array) : array;
}

pvxs::Value ValueReader::update(Input& input, const WireType& type) {
  readBits(input);
  whole_ = isSet(0);
  pvxs::Value value = type.prototype.cloneEmpty();
  changed(input, value, type, 0);
  return value;
}

pvxs::Value ValueReader::complete(Input& input, const WireType& type) {
  pvxs::Value value = type.prototype.cloneEmpty();
  whole(input, value, type, 0);
  value.mark();
  return value;
}

bool ValueReader::overrun(Input& input) {
  readBits(input);
  return std::any_of(bits_.begin(), bits_.end(), [](uint8_t bits) { return bits != 0; });
}

void ValueReader::readBits(Input& input) {
  const size_t count = countOf(input, 1);
  if (count > kMaxBits / 8) throw Malformed("a change set is too long");
  bits_.resize(count);
  input.read(bits_.data(), count);
}

bool ValueReader::anySet(size_t from, size_t to) const {
  for (size_t bit = from; bit < to; bit++)
    if (isSet(bit)) return true;
  return false;
}

void ValueReader::changed(Input& input, pvxs::Value& value, const WireType& type, size_t bit) {
  if (isSet(bit)) {
    whole(input, value, type, 0);
    value.mark();
    return;
  }
  if (type.code != TypeCode::Struct || !anySet(bit + 1, bit + type.bits)) return;
  auto child = value.ichildren().begin();
  bit++;
  for (const auto& member : type.members) {
    pvxs::Value field = *child;
    changed(input, field, *member, bit);
    bit += member->bits;
    ++child;
  }
}

void ValueReader::whole(Input& input, pvxs::Value& value, const WireType& type, unsigned depth) {
  if (depth > kMaxDepth) throw Malformed("a value is nested too deeply");
  switch (type.code.code) {
    case TypeCode::Struct: return structure(input, value, type, depth);
    case TypeCode::Union: return choice(input, value, type, depth);
    case TypeCode::Any: {
      const pvxs::Value inner = anything(input, depth);
      return inner ? value.from(inner) : value.from(pvxs::unselect);
    }
    case TypeCode::StructA:
    case TypeCode::UnionA:
    case TypeCode::AnyA: return compounds(input, value, type, depth);
    case TypeCode::Bool: return value.from(input.number<uint8_t>() != 0);
    case TypeCode::Int8: return value.from(input.number<int8_t>());
    case TypeCode::UInt8: return value.from(input.number<uint8_t>());
    case TypeCode::Int16: return value.from(input.number<int16_t>());
    case TypeCode::UInt16: return value.from(input.number<uint16_t>());
    case TypeCode::Int32: return value.from(input.number<int32_t>());
    case TypeCode::UInt32: return value.from(input.number<uint32_t>());
    case TypeCode::Int64: return value.from(input.number<int64_t>());
    case TypeCode::UInt64: return value.from(input.number<uint64_t>());
    case TypeCode::Float32: return value.from(input.number<float>());
    case TypeCode::Float64: return value.from(input.number<double>());
    case TypeCode::String: return value.from(input.text());
    case TypeCode::BoolA: return value.from(booleans(input));
    case TypeCode::StringA: return value.from(texts(input));
    default: return value.from(numbers(input, type.code));
  }
}

void ValueReader::structure(Input& input, pvxs::Value& value, const WireType& type, unsigned depth) {
  auto child = value.ichildren().begin();
  for (const auto& member : type.members) {
    pvxs::Value field = *child;
    whole(input, field, *member, depth + 1);
    ++child;
  }
}

void ValueReader::choice(Input& input, pvxs::Value& value, const WireType& type, unsigned depth) {
  const uint8_t first = input.number<uint8_t>();
  if (first == wire::noSize) return value.from(pvxs::unselect);
  const size_t index = first == wire::longSize ? input.number<uint32_t>() : first;
  if (index >= type.members.size()) throw Malformed("a union has a member that its type has not");
  pvxs::Value member = value["->" + type.names[index]];
  whole(input, member, *type.members[index], depth + 1);
  value.mark();
}

pvxs::Value ValueReader::anything(Input& input, unsigned depth) {
  if (depth > kMaxDepth) throw Malformed("a value is nested too deeply");
  const WireTypePtr type = types_.read(input);
  if (!type) return {};
  pvxs::Value value = type->prototype.cloneEmpty();
  whole(input, value, *type, depth + 1);
  return value;
}

void ValueReader::compounds(Input& input, pvxs::Value& value, const WireType& type, unsigned depth) {
  const size_t count = countOf(input, 1);
  std::vector<pvxs::Value> elements;
  for (size_t i = 0; i < count; i++) {
    elements.emplace_back();
    if (input.number<uint8_t>() == 0) continue;
    if (type.code == TypeCode::AnyA) {
      elements.back() = anything(input, depth);
      continue;
    }
    elements.back() = value.allocMember();
    whole(input, elements.back(), *type.members[0], depth + 1);
  }
  value.from(pvxs::shared_array<pvxs::Value>(elements.begin(), elements.end()).freeze());
}

}  // namespace pvaflow::stream
