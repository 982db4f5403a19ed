#include "output.h"

#include <stdexcept>

namespace pvaflow::stream {

using pvxs::TypeCode;

Output::Output(uint8_t command, bool bigEndian) : command_(command), bigEndian_(bigEndian) {}

Output& Output::size(size_t size) {
  if (size < wire::longSize) return number(static_cast<uint8_t>(size));
  return number(wire::longSize).number(static_cast<uint32_t>(size));
}

Output& Output::text(const std::string& text) {
  size(text.size());
  bytes_ += text;
  return *this;
}

Output& Output::typeAndValue(const pvxs::Value& value) {
  type(value);
  contents(value);
  return *this;
}

void Output::type(const pvxs::Value& value) {
  number(static_cast<uint8_t>(value.type().code));
  if (value.type() != TypeCode::Struct) return;
  text(value.id());
  size(value.nmembers());
  for (const pvxs::Value field : value.ichildren()) {
    text(value.nameOf(field));
    type(field);
  }
}

void Output::contents(const pvxs::Value& value) {
  switch (value.type().code) {
    case TypeCode::Struct:
      for (const pvxs::Value field : value.ichildren()) contents(field);
      return;
    case TypeCode::Bool: number(static_cast<uint8_t>(value.as<bool>())); return;
    case TypeCode::Int8: number(value.as<int8_t>()); return;
    case TypeCode::UInt8: number(value.as<uint8_t>()); return;
    case TypeCode::Int16: number(value.as<int16_t>()); return;
    case TypeCode::UInt16: number(value.as<uint16_t>()); return;
    case TypeCode::Int32: number(value.as<int32_t>()); return;
    case TypeCode::UInt32: number(value.as<uint32_t>()); return;
    case TypeCode::Int64: number(value.as<int64_t>()); return;
    case TypeCode::UInt64: number(value.as<uint64_t>()); return;
    case TypeCode::Float32: number(value.as<float>()); return;
    case TypeCode::Float64: number(value.as<double>()); return;
    case TypeCode::String: text(value.as<std::string>()); return;
    default: throw std::invalid_argument("a request may hold structures, numbers and texts only");
  }
}

std::string Output::bytes() const {
  Output header(command_, bigEndian_);
  header.number(wire::magic).number(wire::version).number(bigEndian_ ? wire::bigEndian : uint8_t(0)).number(command_);
  header.number(static_cast<uint32_t>(bytes_.size()));
  return header.bytes_ + bytes_;
}

}  // namespace pvaflow::stream
