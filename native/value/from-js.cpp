#include "from-js.h"

#include <algorithm>

#include "copy.h"
#include "errors.h"
#include "number.h"
#include "type-names.h"
#include "type.h"
#include "value.h"

namespace pvaflow {

namespace {

using pvxs::TypeCode;

void numberField(pvxs::Value& field, const Napi::Value& value, const Where& where) {
  Number number;
  if (!numberFromJs(value, number)) refuseValue(value.Env(), "PVAFLOW_VALUE_TYPE", where, rangeOf(field.type()), describe(value));
  if (!fitNumber(field.type(), number)) refuseValue(value.Env(), "PVAFLOW_VALUE_RANGE", where, rangeOf(field.type()), describe(value));
  switch (number.kind) {
    case Number::Kind::Signed: return field.from(number.integer);
    case Number::Kind::Unsigned: return field.from(number.natural);
    default: return field.from(number.real);
  }
}

void booleanField(pvxs::Value& field, const Napi::Value& value, const Where& where) {
  if (!value.IsBoolean()) refuseValue(value.Env(), "PVAFLOW_VALUE_TYPE", where, "true or false", describe(value));
  field.from(value.As<Napi::Boolean>().Value());
}

void stringField(pvxs::Value& field, const Napi::Value& value, const Where& where) {
  if (!value.IsString()) refuseValue(value.Env(), "PVAFLOW_VALUE_TYPE", where, "a string", describe(value));
  field.from(value.As<Napi::String>().Utf8Value());
}

bool isPlainObject(const Napi::Value& value) {
  return value.IsObject() && !value.IsArray() && !value.IsTypedArray() && !value.IsFunction() && !value.IsArrayBuffer();
}

std::string namesOf(const pvxs::Value& compound) {
  std::string names;
  for (const pvxs::Value child : compound.ichildren()) {
    if (names.size() > 200) return names + ", …";
    names += (names.empty() ? "" : ", ") + compound.nameOf(child);
  }
  return names.empty() ? "no fields" : names;
}

void copyFrom(pvxs::Value& field, Value& source, Napi::Env env, const Where& where) {
  try {
    const pvxs::Value snapshot = source.freeze(env, pvxs::Value(), false);
    copyInto(field, snapshot);
  } catch (const pvxs::NoConvert& error) {
    const std::string at = where.text();
    fail(env, "PVAFLOW_TYPE", (at.empty() ? "" : "field " + at + ": ") + error.what());
  }
  field.mark();
}

/** The field of this very name; PVXS would take "a.b" for a path. */
pvxs::Value childOf(pvxs::Value& structure, const std::string& name) {
  const bool plain = name.find_first_of(".<[-") == std::string::npos;
  return plain || hasMember(structure, name) ? structure[name] : pvxs::Value();
}

void structureField(pvxs::Value& field, const Napi::Value& value, const Where& where, Views& views) {
  const Napi::Env env = value.Env();
  if (Value* source = Value::find(value)) return copyFrom(field, *source, env, where);
  if (!isPlainObject(value)) {
    refuseValue(env, "PVAFLOW_VALUE_TYPE", where, "an object with " + namesOf(field), describe(value));
  }
  const Napi::Object object = value.As<Napi::Object>();
  const Napi::Array names = object.GetPropertyNames();
  for (uint32_t i = 0; i < names.Length(); i++) {
    Napi::HandleScope scope(env);
    const std::string name = Napi::Value(names[i]).ToString();
    const Where inner(where, name);
    pvxs::Value child = childOf(field, name);
    if (!child) fail(env, "PVAFLOW_FIELD", "no field " + inner.text() + "; there are " + namesOf(field));
    fromJs(child, object.Get(Napi::Value(names[i])), inner, views);
  }
}

/** The member of this name, selected; a selection that is there already is kept. */
pvxs::Value selectMember(Napi::Env env, pvxs::Value& field, const std::string& name, const Where& where) {
  if (!hasMember(field, name)) fail(env, "PVAFLOW_FIELD", "no union member " + where.text() + "; there are " + namesOf(field));
  return field["->" + name];
}

void unionField(pvxs::Value& field, const Napi::Value& value, const Where& where, Views& views) {
  const Napi::Env env = value.Env();
  if (value.IsNull()) return field.from(pvxs::unselect);
  const bool object = isPlainObject(value);
  const Napi::Array names = object ? value.As<Napi::Object>().GetPropertyNames() : Napi::Array();
  if (!object || names.Length() != 1) {
    refuseValue(env, "PVAFLOW_VALUE_TYPE", where, "null or { member: data } with one of " + namesOf(field), describe(value));
  }
  const std::string name = Napi::Value(names[0u]).ToString();
  const Where inner(where, name);
  pvxs::Value member = selectMember(env, field, name, inner);
  fromJs(member, value.As<Napi::Object>().Get(name), inner, views);
  field.mark();
}

void anyField(pvxs::Value& field, const Napi::Value& value, const Where& where, Views& views) {
  const pvxs::Value inner = anyFromJs(value, where, views);
  if (inner) {
    field.from(inner);
  } else {
    field.from(pvxs::unselect);
  }
}

pvxs::Value elementFromJs(pvxs::Value& field, const Napi::Value& value, const Where& where, Views& views) {
  if (field.type() == TypeCode::AnyA) return anyFromJs(value, where, views);
  if (value.IsNull()) return {};
  pvxs::Value element = field.allocMember();
  fromJs(element, value, where, views);
  return element;
}

void compoundsField(pvxs::Value& field, const Napi::Value& value, const Where& where, Views& views) {
  const Napi::Env env = value.Env();
  if (!value.IsArray()) refuseValue(env, "PVAFLOW_VALUE_TYPE", where, "an array", describe(value));
  const Napi::Array source = value.As<Napi::Array>();
  const uint32_t count = source.Length();  // a getter may change it
  pvxs::shared_array<pvxs::Value> elements(count);
  for (uint32_t i = 0; i < count; i++) {
    Napi::HandleScope scope(env);
    elements[i] = elementFromJs(field, source[i], Where(where, i), views);
  }
  field.from(elements.freeze());
}

void setBelow(pvxs::Value& field, const std::vector<Step>& steps, size_t at, const Napi::Value& value, const Where& where, Views& views);

void setElement(pvxs::Value& field, const std::vector<Step>& steps, size_t at, const Napi::Value& value, const Where& where, Views& views) {
  const ValueArray elements = elementsOf(field);
  const size_t index = steps[at].index;
  const Where inner(where, index);
  const bool appends = index == elements.size() && at + 1 == steps.size();
  if (index >= elements.size() && !appends) {
    refuseValue(value.Env(), "PVAFLOW_FIELD", inner, "an index below " + std::to_string(elements.size()), std::to_string(index));
  }
  pvxs::shared_array<pvxs::Value> changed(elements.size() + (appends ? 1 : 0));
  std::copy(elements.begin(), elements.end(), changed.begin());
  if (at + 1 == steps.size()) {
    changed[index] = elementFromJs(field, value, inner, views);
  } else {
    pvxs::Value element = copyElement(field, field, elements[index]);
    if (!element) refuseValue(value.Env(), "PVAFLOW_FIELD", inner, "an element", "null");
    setBelow(element, steps, at + 1, value, inner, views);
    changed[index] = element;
  }
  field.from(changed.freeze());
}

void setInAny(pvxs::Value& field, const std::vector<Step>& steps, size_t at, const Napi::Value& value, const Where& where, Views& views) {
  const auto inner = field.as<pvxs::Value>();
  if (!inner) refuseValue(value.Env(), "PVAFLOW_FIELD", where, "something in it", "null");
  pvxs::Value changed = copyOf(inner);
  setBelow(changed, steps, at, value, where, views);
  field.from(changed);
}

void setBelow(pvxs::Value& field, const std::vector<Step>& steps, size_t at, const Napi::Value& value, const Where& where, Views& views) {
  const Napi::Env env = value.Env();
  if (at == steps.size()) return fromJs(field, value, where, views);
  const Step& step = steps[at];
  const TypeCode code = field.type();
  if (code == TypeCode::Any) return setInAny(field, steps, at, value, where, views);
  if (step.isIndex && code.isarray() && code.kind() == pvxs::Kind::Compound) return setElement(field, steps, at, value, where, views);
  const Where inner = step.isIndex ? Where(where, step.index) : Where(where, step.name);
  pvxs::Value child;
  if (!step.isIndex && code == TypeCode::Union) child = selectMember(env, field, step.name, inner);
  if (!step.isIndex && code == TypeCode::Struct) child = childOf(field, step.name);
  if (!child) fail(env, "PVAFLOW_FIELD", "no field " + inner.text() + "; " + nameOfType(code) + " has " + namesOf(field));
  setBelow(child, steps, at + 1, value, inner, views);
  if (code == TypeCode::Union) field.mark();
}

}  // namespace

void fromJs(pvxs::Value& field, const Napi::Value& value, const Where& where, Views& views) {
  const TypeCode code = field.type();
  switch (field.storageType()) {
    case pvxs::StoreType::Null: return structureField(field, value, where, views);
    case pvxs::StoreType::Bool: return booleanField(field, value, where);
    case pvxs::StoreType::String: return stringField(field, value, where);
    case pvxs::StoreType::Compound:
      return code == TypeCode::Any ? anyField(field, value, where, views) : unionField(field, value, where, views);
    case pvxs::StoreType::Array:
      return code.kind() == pvxs::Kind::Compound ? compoundsField(field, value, where, views) : arrayFromJs(field, value, where, views);
    default: return numberField(field, value, where);
  }
}

void setAtPath(pvxs::Value& top, const std::string& path, const Napi::Value& value, Views& views) {
  const Where root;
  const bool throughStructures = top.type() == TypeCode::Struct && path.find_first_of("<[-") == std::string::npos;
  pvxs::Value direct = throughStructures && !path.empty() ? top[path] : pvxs::Value();
  if (direct) return fromJs(direct, value, Where(root, path), views);
  setBelow(top, parsePath(path), 0, value, root, views);
}

}  // namespace pvaflow
