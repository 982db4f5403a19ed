#include "value-writer.h"

#include <algorithm>
#include <unordered_map>

#include "value/copy.h"
#include "value/nesting.h"
#include "value/type-names.h"

namespace pvaflow::stream {

using pvxs::TypeCode;

namespace {

constexpr size_t kKnownTypes = 64;

void describe(Pieces& out, const pvxs::Value& value) {
  const TypeCode code = value.type();
  out.number(static_cast<uint8_t>(code.code));
  if (code.scalarOf() != TypeCode::Struct && code.scalarOf() != TypeCode::Union) return;
  if (code.isarray()) return describe(out, pvxs::Value(value).allocMember());
  out.text(value.id()).size(value.nmembers());
  for (const pvxs::Value member : value.ichildren()) {
    out.text(value.nameOf(member));
    describe(out, member);
  }
}

std::shared_ptr<const DescribedType> described(const pvxs::Value& value) {
  auto result = std::make_shared<DescribedType>();
  result->description = describeType(value);
  const auto& bytes = result->description;
  const std::shared_ptr<const char> memory(result, bytes.data());
  Input input(memory, bytes.size(), hostIsBigEndian);
  result->type = TypeReader().read(input);
  return result;
}

}  // namespace

std::string describeType(const pvxs::Value& value) {
  Pieces out;
  describe(out, value.cloneEmpty());  // to ask a union for its members may change what it has selected
  std::string description;
  out.each([&](const void* data, size_t size) { description.append(static_cast<const char*>(data), size); });
  return description;
}

std::shared_ptr<const DescribedType> describedTypeOf(const pvxs::Value& value) {
  struct Known {
    pvxs::Value type;  // keeps the type instance, whose address is the key
    std::shared_ptr<const DescribedType> described;
  };
  thread_local std::unordered_map<const void*, Known> known;
  const auto found = known.find(&value.id());
  if (found != known.end()) return found->second.described;
  if (known.size() >= kKnownTypes) known.clear();
  return known.emplace(&value.id(), Known{value.cloneEmpty(), described(value)}).first->second.described;
}

void ValueWriter::whole(const pvxs::Value& value, const WireType& type, unsigned depth) {
  if (depth > kMaxNesting) throw std::invalid_argument("a value is nested deeper than " + std::to_string(kMaxNesting) + " levels");
  switch (type.code.code) {
    case TypeCode::Struct: return structure(value, type, depth);
    case TypeCode::Union: return choice(value, type, depth);
    case TypeCode::Any: return anything(value.as<pvxs::Value>(), depth);
    case TypeCode::StructA:
    case TypeCode::UnionA:
    case TypeCode::AnyA: return compounds(value, type, depth);
    case TypeCode::Bool: out_.number(static_cast<uint8_t>(value.as<bool>())); return;
    case TypeCode::Int8: out_.number(value.as<int8_t>()); return;
    case TypeCode::UInt8: out_.number(value.as<uint8_t>()); return;
    case TypeCode::Int16: out_.number(value.as<int16_t>()); return;
    case TypeCode::UInt16: out_.number(value.as<uint16_t>()); return;
    case TypeCode::Int32: out_.number(value.as<int32_t>()); return;
    case TypeCode::UInt32: out_.number(value.as<uint32_t>()); return;
    case TypeCode::Int64: out_.number(value.as<int64_t>()); return;
    case TypeCode::UInt64: out_.number(value.as<uint64_t>()); return;
    case TypeCode::Float32: out_.number(value.as<float>()); return;
    case TypeCode::Float64: out_.number(value.as<double>()); return;
    case TypeCode::String: out_.text(value.as<std::string>()); return;
    case TypeCode::StringA: {
      const auto texts = value.as<pvxs::shared_array<const std::string>>();
      out_.size(texts.size());
      for (const std::string& text : texts) out_.text(text);
      return;
    }
    default: return numbers(value);
  }
}

void ValueWriter::structure(const pvxs::Value& value, const WireType& type, unsigned depth) {
  auto member = type.members.begin();
  for (const pvxs::Value field : value.ichildren()) whole(field, **member++, depth + 1);
}

void ValueWriter::choice(const pvxs::Value& value, const WireType& type, unsigned depth) {
  const auto selected = value.as<pvxs::Value>();
  if (!selected) {
    out_.number(wire::noSize);
    return;
  }
  const auto name = std::find(type.names.begin(), type.names.end(), value.nameOf(selected));
  const auto index = static_cast<size_t>(name - type.names.begin());
  out_.size(index);
  whole(selected, *type.members.at(index), depth + 1);
}

void ValueWriter::anything(const pvxs::Value& value, unsigned depth) {
  if (!value) {
    out_.number(wire::noType);
    return;
  }
  const auto type = value.type().kind() == pvxs::Kind::Compound ? described(value) : nullptr;
  if (type) {
    out_.bytes(type->description.data(), type->description.size());
    return whole(value, *type->type, depth + 1);
  }
  WireType plain;
  plain.code = value.type();
  out_.number(static_cast<uint8_t>(plain.code.code));
  whole(value, plain, depth + 1);
}

void ValueWriter::compounds(const pvxs::Value& value, const WireType& type, unsigned depth) {
  const ValueArray elements = elementsOf(value);
  out_.size(elements.size());
  for (const pvxs::Value& element : elements) {
    out_.number(static_cast<uint8_t>(element.valid()));
    if (!element) continue;
    if (type.code == TypeCode::AnyA) anything(element, depth);
    else whole(element, *type.members[0], depth + 1);
  }
}

/** Numbers and booleans. */
void ValueWriter::numbers(const pvxs::Value& value) {
  const TypeCode code = value.type();
  const auto array = value.as<Array>();
  out_.size(array.size());
  if (array.empty()) return;
  if (code == TypeCode::BoolA) out_.bytes(array.data(), array.size());
  else out_.contents(contents_(array), array.size() * elementSize(code));
}

}  // namespace pvaflow::stream
