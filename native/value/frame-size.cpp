#include "frame-size.h"

#include "arrays.h"
#include "type-names.h"

namespace pvaflow {

namespace {

constexpr size_t kFieldBytes = 64;     // of one field of a structure in PVXS
constexpr size_t kElementBytes = 128;  // roughly, of an element that is no number: a string or a structure

bool isPayload(pvxs::TypeCode code) {
  return code.isarray() || code == pvxs::TypeCode::Union || code == pvxs::TypeCode::Any;
}

size_t payloadBytes(const pvxs::Value& field) {
  const pvxs::TypeCode code = field.type();
  if (!code.isarray()) {
    const auto selected = field.as<pvxs::Value>();
    return selected && isPayload(selected.type()) ? payloadBytes(selected) : kFieldBytes;
  }
  const size_t element = elementSize(code);
  return field.as<Array>().size() * (element > 0 ? element : kElementBytes);
}

}  // namespace

size_t FrameSize::of(const pvxs::Value& update) {
  if (!known_) learn(update);
  size_t bytes = fixed_;
  for (const std::string& path : payload_) {
    const pvxs::Value field = update[path];
    if (field.isMarked(true, false)) bytes += payloadBytes(field);
  }
  return bytes;
}

void FrameSize::learn(const pvxs::Value& update) {
  payload_.clear();
  fixed_ = kFieldBytes;
  for (const pvxs::Value field : update.iall()) {
    fixed_ += kFieldBytes;
    if (isPayload(field.type())) payload_.push_back(update.nameOf(field));
  }
  known_ = true;
}

}  // namespace pvaflow
