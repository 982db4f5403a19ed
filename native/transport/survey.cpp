#include "survey.h"

#include <string>

#include "lending.h"

namespace pvaflow::transport {

void Survey::structure(const pvxs::Value& value, bool mayBeLarge) {
  for (auto field : value.iall()) {
    if (field.type() != pvxs::TypeCode::Struct) this->field(field, mayBeLarge && field.isMarked());
  }
  rest += value.nmembers() / 8 + 16;  // the set of changed fields
}

void Survey::any(const pvxs::Value& value, bool mayBeLarge) {
  if (!value) rest += 1;
  else if (value.type() == pvxs::TypeCode::Struct) structure(value, mayBeLarge);
  else field(value, mayBeLarge);
}

void Survey::field(const pvxs::Value& value, bool mayBeLarge) {
  constexpr size_t scalar = 9;
  const auto type = value.type();
  if (type.isarray()) array(value, mayBeLarge);
  else if (type == pvxs::TypeCode::String) rest += countSize + value.as<std::string>().size();
  else if (type == pvxs::TypeCode::Union) any(value.as<pvxs::Value>(), mayBeLarge), rest += countSize;
  else if (type == pvxs::TypeCode::Any) variant(value.as<pvxs::Value>());
  else rest += scalar;
}

/** An `any` carries its type: one byte, unless it is a structure; that one's size is not worth working out. */
void Survey::variant(const pvxs::Value& value) {
  rest += value && value.type().kind() == pvxs::Kind::Compound ? mostOfTheRest : 1;
  any(value, false);
}

void Survey::array(const pvxs::Value& value, bool mayBeLarge) {
  const auto array = value.as<Array>();
  rest += countSize;
  if (array.original_type() == pvxs::ArrayType::Null) return;
  if (array.original_type() == pvxs::ArrayType::Value) {
    for (const auto& element : array.castTo<const pvxs::Value>()) any(element, false), rest += 2 * countSize;
  } else if (array.original_type() == pvxs::ArrayType::String) {
    for (const auto& text : array.castTo<const std::string>()) rest += countSize + text.size();
  } else {
    const size_t size = array.size() * pvxs::elementSize(array.original_type());
    if (mayBeLarge && size >= largeArray) large.push_back(value);
    else rest += size;
  }
}

}  // namespace pvaflow::transport
