#include "nesting.h"

#include <algorithm>

#include "arrays.h"

namespace pvaflow {

namespace {

using pvxs::TypeCode;

/** The deeper of what is known and what lies one level below. */
int below(int deepest, const pvxs::Value& inner, int limit) {
  return inner ? std::max(deepest, 1 + nestingOf(inner, limit - 1)) : deepest;
}

}  // namespace

int nestingOf(const pvxs::Value& value, int limit) {
  const TypeCode code = value.type();
  if (limit < 0 || code.kind() != pvxs::Kind::Compound) return 0;
  int deepest = code == TypeCode::Struct ? 1 : 0;
  if (code == TypeCode::Struct) {
    for (const pvxs::Value child : value.ichildren()) deepest = below(deepest, child, limit);
  } else if (code.isarray()) {
    for (const pvxs::Value& element : value.as<ValueArray>()) deepest = below(deepest, element, limit);
  } else {
    deepest = below(deepest, value.as<pvxs::Value>(), limit);
  }
  return deepest;
}

}  // namespace pvaflow
