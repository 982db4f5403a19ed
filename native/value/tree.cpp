#include "tree.h"

#include "copy.h"
#include "to-js.h"
#include "type-names.h"

namespace pvaflow {

namespace {

using pvxs::TypeCode;

void add(Napi::Array& members, const Napi::Value& member) { members.Set(members.Length(), member); }

Napi::Array fieldsOf(Napi::Env env, const pvxs::Value& field, Views& views) {
  Napi::Array members = Napi::Array::New(env);
  for (const pvxs::Value child : field.ichildren()) add(members, treeOf(env, field.nameOf(child), child, views));
  return members;
}

Napi::Array selectionOf(Napi::Env env, const pvxs::Value& field, Views& views) {
  Napi::Array members = Napi::Array::New(env);
  const auto selected = field.as<pvxs::Value>();
  if (!selected) return members;
  const Views::Within within(views, field.type() == TypeCode::Any);
  add(members, treeOf(env, field.type() == TypeCode::Union ? field.nameOf(selected) : "", selected, views));
  return members;
}

Napi::Array elementNodes(Napi::Env env, const pvxs::Value& field, Views& views) {
  Napi::Array members = Napi::Array::New(env);
  const Views::Within within(views);
  for (const pvxs::Value& element : elementsOf(field)) {
    add(members, element ? treeOf(env, "", element, views) : env.Null());
  }
  return members;
}

std::string idOf(const pvxs::Value& field) {
  const bool array = field.type() == TypeCode::StructA || field.type() == TypeCode::UnionA;
  return array ? pvxs::Value(field).allocMember().id() : field.id();
}

}  // namespace

Napi::Value treeOf(Napi::Env env, const std::string& name, const pvxs::Value& field, Views& views) {
  Napi::Object node = Napi::Object::New(env);
  node.Set("name", name);
  node.Set("type", nameOfType(field.type()));
  node.Set("id", idOf(field));
  if (field.type().kind() != pvxs::Kind::Compound) {
    node.Set("value", toJs(env, field, views));
  } else if (field.type().isarray()) {
    node.Set("members", elementNodes(env, field, views));
  } else {
    node.Set("members", field.type() == TypeCode::Struct ? fieldsOf(env, field, views) : selectionOf(env, field, views));
  }
  return node;
}

}  // namespace pvaflow
