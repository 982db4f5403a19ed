#include "rewrite.h"

#include <algorithm>
#include <memory>
#include <unordered_map>
#include <vector>

#include "arrays.h"
#include "type.h"

namespace pvaflow {

namespace {

using pvxs::TypeCode;

/** Where, in the order of iall(), a structure has fields that may hold a union[]. */
struct Suspects {
  pvxs::Value type;  // keeps the type instance, whose address is the key
  std::vector<size_t> positions;
};

constexpr size_t kKnownTypes = 256;

Suspects findSuspects(const pvxs::Value& structure) {
  Suspects suspects{structure.cloneEmpty(), {}};
  size_t position = 0;
  for (const pvxs::Value field : structure.iall()) {
    const bool suspect = field.type().kind() == pvxs::Kind::Compound && field.type() != TypeCode::Struct;
    if (suspect) suspects.positions.push_back(position);
    position++;
  }
  return suspects;
}

std::shared_ptr<const Suspects> suspectsOf(const pvxs::Value& structure) {
  thread_local std::unordered_map<const void*, std::shared_ptr<const Suspects>> known;
  const auto found = known.find(&structure.id());
  if (found != known.end()) return found->second;
  if (known.size() >= kKnownTypes) known.clear();
  return known.emplace(&structure.id(), std::make_shared<const Suspects>(findSuspects(structure))).first->second;
}

bool structureNeedsRewrite(const pvxs::Value& structure) {
  const std::shared_ptr<const Suspects> suspects = suspectsOf(structure);
  auto field = structure.iall().begin();
  size_t at = 0;
  for (const size_t position : suspects->positions) {
    for (; at < position; at++) ++field;
    if (needsRewrite(*field)) return true;
  }
  return false;
}

bool isRaw(const pvxs::Value& unionType, const pvxs::Value& element) { return element && !sameInstance(unionType, element); }

bool unionsNeedRewrite(const pvxs::Value& field) {
  const auto elements = field.as<ValueArray>();
  if (elements.empty()) return false;
  const pvxs::Value unionType = pvxs::Value(field).allocMember();
  return std::any_of(elements.begin(), elements.end(), [&](const pvxs::Value& element) {
    return isRaw(unionType, element) || (element && needsRewrite(element));
  });
}

bool elementsNeedRewrite(const pvxs::Value& field) {
  const auto elements = field.as<ValueArray>();
  return std::any_of(elements.begin(), elements.end(), [](const pvxs::Value& element) { return element && needsRewrite(element); });
}

}  // namespace

bool needsRewrite(const pvxs::Value& field) {
  const TypeCode code = field.type();
  if (code.kind() != pvxs::Kind::Compound) return false;
  if (code == TypeCode::Struct) return structureNeedsRewrite(field);
  if (code == TypeCode::UnionA) return unionsNeedRewrite(field);
  if (code.isarray()) return elementsNeedRewrite(field);
  const auto selected = field.as<pvxs::Value>();
  return selected && needsRewrite(selected);
}

std::string memberOfRawElement(const pvxs::Value& unionArray, const pvxs::Value& element) {
  const pvxs::Value unionType = pvxs::Value(unionArray).allocMember();
  return isRaw(unionType, element) ? unionType.nameOf(element) : std::string();
}

}  // namespace pvaflow
