#include "wire-type.h"

#include <algorithm>

namespace pvaflow::stream {

using pvxs::Member;
using pvxs::TypeCode;

namespace {

constexpr unsigned kMaxDepth = 20;  // as PVXS allows
constexpr size_t kMaxParts = 100'000;
constexpr size_t kMaxKnown = 4096;

std::vector<Member> membersOf(const WireType& type);

Member memberOf(const WireType& type, const std::string& name) {
  if (type.members.empty() && type.code.kind() != pvxs::Kind::Compound) return Member(type.code, name);
  if (type.code == TypeCode::Any || type.code == TypeCode::AnyA) return Member(type.code, name);
  const WireType& described = type.code.isarray() ? *type.members[0] : type;
  return Member(type.code, name, described.id, membersOf(described));
}

std::vector<Member> membersOf(const WireType& type) {
  std::vector<Member> members;
  for (size_t i = 0; i < type.members.size(); i++) members.push_back(memberOf(*type.members[i], type.names[i]));
  return members;
}

bool isCompound(TypeCode code) {
  return code.scalarOf() == TypeCode::Struct || code.scalarOf() == TypeCode::Union;
}

pvxs::Value prototypeOf(const WireType& type) {
  if (!isCompound(type.code)) return pvxs::TypeDef(type.code).create();
  const WireType& described = type.code.isarray() ? *type.members[0] : type;
  return pvxs::TypeDef(type.code, described.id, membersOf(described)).create();
}

}  // namespace

WireTypePtr TypeReader::read(Input& input) {
  const auto type = node(input, 0);
  if (!type) return nullptr;
  if (!type->prototype) {
    try {
      type->prototype = prototypeOf(*type);
    } catch (const std::exception& error) {
      throw Malformed(std::string("a type that cannot be: ") + error.what());
    }
  }
  return type;
}

std::shared_ptr<WireType> TypeReader::node(Input& input, unsigned depth) {
  if (depth > kMaxDepth) throw Malformed("a type is nested too deeply");
  const uint8_t code = input.number<uint8_t>();
  if (code == wire::noType) return nullptr;
  if (code == wire::typeById) {
    const auto found = known_.find(input.number<uint16_t>());
    if (found == known_.end()) throw Malformed("a type is referred to that was not sent");
    return found->second;
  }
  if (code != wire::typeWithId) return field(input, code, depth);
  const auto key = input.number<uint16_t>();
  const auto type = node(input, depth + 1);
  if (!type) throw Malformed("no type has been given a number");
  if (known_.size() >= kMaxKnown && known_.find(key) == known_.end()) throw Malformed("too many types are kept");
  known_[key] = type;
  return type;
}

std::shared_ptr<WireType> TypeReader::field(Input& input, uint8_t code, unsigned depth) {
  auto type = std::make_shared<WireType>();
  type->code = TypeCode(code);
  if (!type->code.valid()) throw Malformed("the code of a type is unknown");
  if (!isCompound(type->code)) return type;
  if (!type->code.isarray()) {
    members(input, *type, depth);
    return type;
  }
  const auto element = node(input, depth + 1);
  if (!element || element->code != type->code.scalarOf()) throw Malformed("an array of something else than it says");
  add(*type, element);
  return type;
}

void TypeReader::members(Input& input, WireType& type, unsigned depth) {
  type.id = input.text();
  const size_t count = input.size();
  for (size_t i = 0; i < count; i++) {
    type.names.push_back(input.text());
    const auto member = node(input, depth + 1);
    if (!member) throw Malformed("a member has no type");
    type.bits += member->bits;
    add(type, member);
  }
  if (type.code == TypeCode::Union) type.bits = 1;
}

/** A few types that refer to each other may come to as many as no memory holds. */
void TypeReader::add(WireType& type, const std::shared_ptr<const WireType>& member) {
  type.parts += member->parts;
  type.depth = std::max(type.depth, member->depth + 1);
  if (type.parts > kMaxParts) throw Malformed("a type is made of too many");
  if (type.depth > kMaxDepth) throw Malformed("a type is nested too deeply");
  type.members.push_back(member);
}

}  // namespace pvaflow::stream
