#include "merge.h"

#include "value/arrays.h"
#include "value/copy.h"

namespace pvaflow {

using pvxs::TypeCode;

bool anyMarked(const pvxs::Value& value) {
  if (value.isMarked(false, false)) return true;
  const auto marked = value.imarked();
  return marked.begin() != marked.end();
}

bool sameMarks(const pvxs::Value& a, const pvxs::Value& b) {
  const auto ofA = a.imarked();
  const auto ofB = b.imarked();
  auto i = ofA.begin();
  auto j = ofB.begin();
  const auto end = ofA.end();
  for (; i != end && i == j; ++i) ++j;
  return i == j;
}

void markAll(pvxs::Value& value) {
  for (pvxs::Value field : value.iall()) {
    if (field.type() != TypeCode::Struct) field.mark();
  }
}

void spreadMarks(pvxs::Value& value) {
  if (!value.isMarked(false, false)) return;
  value.unmark(false, false);
  markAll(value);
}

void mergeMarked(pvxs::Value& target, const pvxs::Value& source) {
  auto to = target.iall().begin();
  for (const pvxs::Value field : source.iall()) {
    pvxs::Value other = *to;
    ++to;
    if (field.type() == TypeCode::Struct || !field.isMarked(true, false)) continue;
    copyInto(other, field);
    other.mark();
  }
}

pvxs::Value mergedUpdate(const pvxs::Value& older, const pvxs::Value& newer) {
  pvxs::Value merged = copyOf(older);
  mergeMarked(merged, newer);
  return merged;
}

size_t updateBytes(const pvxs::Value& update) {
  size_t bytes = 0;
  for (const pvxs::Value field : update.imarked()) {
    if (field.type() != TypeCode::Struct) bytes += arrayBytes(field);
  }
  return bytes;
}

}  // namespace pvaflow
