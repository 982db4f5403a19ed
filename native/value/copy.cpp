#include "copy.h"

#include "rewrite.h"
#include "type-names.h"
#include "type.h"

namespace pvaflow {

namespace {

using pvxs::StoreType;
using pvxs::TypeCode;

void copyUnion(pvxs::Value& target, const pvxs::Value& source, const ArrayFilter* filter) {
  const auto selected = source.as<pvxs::Value>();
  if (!selected) return target.from(pvxs::unselect);
  const std::string& name = source.nameOf(selected);
  pvxs::Value member = target["->" + name];
  if (!member || member.type() != selected.type()) throw pvxs::NoConvert("union member " + name + " differs");
  copyInto(member, selected, filter);
}

void copyAny(pvxs::Value& target, const pvxs::Value& source, const ArrayFilter* filter) {
  const auto inner = source.as<pvxs::Value>();
  if (!inner) return target.from(pvxs::unselect);
  target.from(filter || needsRewrite(inner) ? copyOf(inner, filter) : inner);  // what an any holds is replaced, never changed
}

void copyCompounds(pvxs::Value& target, const pvxs::Value& source, const ArrayFilter* filter) {
  const auto elements = source.as<ValueArray>();
  pvxs::shared_array<pvxs::Value> copy(elements.size());
  for (size_t i = 0; i < elements.size(); i++) copy[i] = copyElement(target, source, elements[i], filter);
  target.from(copy.freeze());
}

void copyArray(pvxs::Value& target, const pvxs::Value& source, bool same, const ArrayFilter* filter) {
  const TypeCode code = source.type();
  if (code.kind() == pvxs::Kind::Compound && (filter || !same || needsRewrite(source))) return copyCompounds(target, source, filter);
  const auto array = source.as<Array>();
  target.from(filter && isNumericArray(code) ? (*filter)(array, code) : array);
}

/** A field that is no structure. */
void copyLeaf(pvxs::Value& target, const pvxs::Value& source, bool same, const ArrayFilter* filter) {
  switch (source.storageType()) {
    case StoreType::Bool: return target.from(source.as<bool>());
    case StoreType::Integer: return target.from(source.as<int64_t>());
    case StoreType::UInteger: return target.from(source.as<uint64_t>());
    case StoreType::Real: return target.from(source.as<double>());
    case StoreType::String: return target.from(source.as<std::string>());
    case StoreType::Array: return copyArray(target, source, same, filter);
    case StoreType::Compound:
      return source.type() == TypeCode::Any ? copyAny(target, source, filter) : copyUnion(target, source, filter);
    case StoreType::Null: return;
  }
}

void copyField(pvxs::Value& target, const pvxs::Value& source, bool same, const ArrayFilter* filter) {
  copyLeaf(target, source, same, filter);
  target.mark(source.isMarked(false, false));
}

/** Types that agree in names, order and codes: fields correspond by their position. */
void copyByPosition(pvxs::Value& target, const pvxs::Value& source, bool same, const ArrayFilter* filter) {
  copyField(target, source, same, filter);
  if (source.type() != TypeCode::Struct) return;
  auto to = target.iall().begin();
  for (const pvxs::Value field : source.iall()) {
    pvxs::Value other = *to;
    copyField(other, field, same, filter);
    ++to;
  }
}

void copyByName(pvxs::Value& target, const pvxs::Value& source, const ArrayFilter* filter) {
  for (const pvxs::Value field : source.ichildren()) {
    const std::string& name = source.nameOf(field);
    pvxs::Value other = target[name];
    if (!other || other.type() != field.type()) {
      throw pvxs::NoConvert("field " + name + " is " + nameOfType(field.type()) + " here and " +
                            (other ? nameOfType(other.type()) : "absent") + " there");
    }
    copyInto(other, field, filter);
  }
  target.mark(source.isMarked(false, false));
}

}  // namespace

void copyInto(pvxs::Value& target, const pvxs::Value& source, const ArrayFilter* filter) {
  if (target.type() != source.type()) {
    throw pvxs::NoConvert("expected " + nameOfType(target.type()) + ", found " + nameOfType(source.type()));
  }
  const bool same = sameInstance(target, source);
  if (same || source.type() != TypeCode::Struct || target.equalType(source)) return copyByPosition(target, source, same, filter);
  copyByName(target, source, filter);
}

void fillUnmarked(pvxs::Value& target, const pvxs::Value& source) {
  const bool same = sameInstance(target, source);
  if (!same && !target.equalType(source)) return;
  auto from = source.iall().begin();
  for (pvxs::Value field : target.iall()) {
    if (!field.isMarked(true, false)) {
      copyLeaf(field, *from, same, nullptr);
      field.mark(false);
    }
    ++from;
  }
}

pvxs::Value copyElement(pvxs::Value& target, const pvxs::Value& source, const pvxs::Value& element, const ArrayFilter* filter) {
  if (!element) return {};
  if (target.type() == TypeCode::AnyA) return copyOf(element, filter);
  pvxs::Value copy = target.allocMember();
  const std::string raw = source.type() == TypeCode::UnionA ? memberOfRawElement(source, element) : "";
  pvxs::Value to = raw.empty() ? copy : copy["->" + raw];
  copyInto(to, element, filter);
  return copy;
}

ValueArray elementsOf(const pvxs::Value& array) {
  auto elements = array.as<ValueArray>();
  if (array.type() != TypeCode::UnionA || !needsRewrite(array)) return elements;
  pvxs::Value target(array);
  pvxs::shared_array<pvxs::Value> whole(elements.size());
  for (size_t i = 0; i < elements.size(); i++) whole[i] = copyElement(target, array, elements[i]);
  return whole.freeze();
}

pvxs::Value copyOf(const pvxs::Value& source, const ArrayFilter* filter) {
  pvxs::Value copy = source.cloneEmpty();
  copyInto(copy, source, filter);
  return copy;
}

}  // namespace pvaflow
