#include "arrays.h"

#include <cstdint>
#include <cstdlib>
#include <new>
#include <stdexcept>

#include "buffer-pool.h"
#include "type-names.h"

namespace pvaflow {

pvxs::shared_array<void> newNumericArray(pvxs::TypeCode code, size_t count) {
  const pvxs::TypeCode array = code.scalarOf().arrayOf();
  const size_t each = array == pvxs::TypeCode::BoolA ? sizeof(bool) : elementSize(array);
  if (each == 0) throw std::logic_error("not the code of a numeric array");
  return pvxs::shared_array<void>(newBuffer(count * each), count, array.arrayType());
}

pvxs::shared_array<void> zeroArray(pvxs::TypeCode code, size_t count) {
  void* memory = std::calloc(count > 0 ? count : 1, elementSize(code));
  if (!memory) throw std::bad_alloc();
  return pvxs::shared_array<void>(memory, std::free, count, code.arrayType());
}

namespace {

size_t bytesOfField(const pvxs::Value& field) {
  const pvxs::TypeCode code = field.type();
  if (code.isarray()) return field.as<Array>().size() * elementSize(code);
  if (code == pvxs::TypeCode::Union || code == pvxs::TypeCode::Any) {
    const auto selected = field.as<pvxs::Value>();
    return selected ? arrayBytes(selected) : 0;
  }
  return 0;
}

}  // namespace

size_t arrayBytes(const pvxs::Value& value) {
  if (value.type() != pvxs::TypeCode::Struct) return bytesOfField(value);
  size_t bytes = 0;
  for (const pvxs::Value field : value.iall()) bytes += bytesOfField(field);
  return bytes;
}

}  // namespace pvaflow
