#include "arrays.h"

#include <cstdint>
#include <cstdlib>
#include <new>
#include <stdexcept>

#include "buffer-pool.h"
#include "type-names.h"

namespace pvaflow {

namespace {

/** The sanitizer watches memory of the heap only. */
#ifdef __SANITIZE_ADDRESS__
constexpr size_t kPooled = SIZE_MAX;
#else
constexpr size_t kPooled = BufferPool::kLeast;
#endif

template <typename T>
pvxs::shared_array<void> allocate(size_t count) {
  const size_t bytes = count * sizeof(T);
  if (bytes < kPooled) return pvxs::shared_array<T>(count).template castTo<void>();
  auto& pool = BufferPool::instance();
  const auto giveBack = [&pool, bytes](T* memory) { pool.giveBack(memory, bytes); };
  return pvxs::shared_array<T>(static_cast<T*>(pool.take(bytes)), giveBack, count).template castTo<void>();
}

}  // namespace

pvxs::shared_array<void> newNumericArray(pvxs::TypeCode code, size_t count) {
  switch (code.scalarOf().code) {
    case pvxs::TypeCode::Int8: return allocate<int8_t>(count);
    case pvxs::TypeCode::UInt8: return allocate<uint8_t>(count);
    case pvxs::TypeCode::Int16: return allocate<int16_t>(count);
    case pvxs::TypeCode::UInt16: return allocate<uint16_t>(count);
    case pvxs::TypeCode::Int32: return allocate<int32_t>(count);
    case pvxs::TypeCode::UInt32: return allocate<uint32_t>(count);
    case pvxs::TypeCode::Int64: return allocate<int64_t>(count);
    case pvxs::TypeCode::UInt64: return allocate<uint64_t>(count);
    case pvxs::TypeCode::Float32: return allocate<float>(count);
    case pvxs::TypeCode::Float64: return allocate<double>(count);
    case pvxs::TypeCode::Bool: return allocate<bool>(count);
    default: throw std::logic_error("not the code of a numeric array");
  }
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
