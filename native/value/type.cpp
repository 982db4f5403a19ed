#include "type.h"

#include <algorithm>

#include "addon.h"
#include "errors.h"
#include "nesting.h"
#include "type-names.h"

namespace pvaflow {

namespace {

using pvxs::Member;
using pvxs::TypeCode;

[[noreturn]] void refuse(Napi::Env env, const std::string& path, const std::string& what) {
  fail(env, "PVAFLOW_TYPE", (path.empty() ? "type" : "type of field " + path) + ": " + what);
}

[[noreturn]] void refuseDepth(Napi::Env env, const std::string& path) {
  refuse(env, path, "nested deeper than " + std::to_string(kMaxNesting) + " levels");
}

std::string join(const std::string& path, const std::string& name) { return path.empty() ? name : path + "." + name; }

pvxs::TypeDef definition(const Napi::Value& spec, const std::string& path, int depth);

std::vector<Member> membersOf(const Napi::Object& fields, const std::string& path, int depth) {
  std::vector<Member> members;
  const Napi::Array names = fields.GetPropertyNames();
  for (uint32_t i = 0; i < names.Length(); i++) {
    const std::string name = Napi::Value(names[i]).ToString();
    if (name.empty()) refuse(fields.Env(), path, "a field without a name");
    (void)Member(TypeCode::Bool, name);  // refuses what is no field name
    members.push_back(definition(fields.Get(name), join(path, name), depth + 1).as(name));
  }
  return members;
}

pvxs::TypeDef compound(const Napi::Object& spec, const std::string& path, int depth) {
  const Napi::Value kind = spec.Get("kind");
  const std::string kindName = kind.IsString() ? kind.As<Napi::String>().Utf8Value() : "";
  const TypeCode code = typeOfName(kindName);
  const bool described = code.scalarOf() == TypeCode::Struct || code.scalarOf() == TypeCode::Union;
  if (!described) return pvxs::TypeDef(TypeCode::Struct, "", membersOf(spec, path, depth));
  const Napi::Value fields = spec.Get("fields");
  if (!fields.IsObject()) refuse(spec.Env(), path, kindName + " without fields");
  const Napi::Value id = spec.Get("id");
  return pvxs::TypeDef(code, id.IsString() ? id.As<Napi::String>().Utf8Value() : "",
                       membersOf(fields.As<Napi::Object>(), path, depth));
}

pvxs::TypeDef named(const Napi::String& spec, const std::string& path) {
  const TypeCode code = typeOfName(spec.Utf8Value());
  if (code == TypeCode::Null || code.scalarOf() == TypeCode::Struct || code.scalarOf() == TypeCode::Union) {
    refuse(spec.Env(), path,
           "\"" + spec.Utf8Value() + "\" is no pvAccess type; expected boolean, byte, ubyte, short, ushort, int, uint, long, "
           "ulong, float, double, string or any, with [] for an array, or a structure or union");
  }
  return pvxs::TypeDef(code);
}

int depthOf(const pvxs::Value& prototype) {
  const bool array = prototype.type() == TypeCode::StructA || prototype.type() == TypeCode::UnionA;
  const pvxs::Value compound = array ? pvxs::Value(prototype).allocMember() : prototype;
  int deepest = 0;
  for (const pvxs::Value child : compound.ichildren()) deepest = std::max(deepest, 1 + depthOf(child));
  return deepest;
}

pvxs::TypeDef known(const Type& type, const std::string& path, int depth, Napi::Env env) {
  if (depth + depthOf(type.prototype()) > kMaxNesting) refuseDepth(env, path);
  return pvxs::TypeDef(type.prototype());
}

pvxs::TypeDef definition(const Napi::Value& spec, const std::string& path, int depth) {
  const Napi::Env env = spec.Env();
  if (depth > kMaxNesting) refuseDepth(env, path);
  try {
    if (spec.IsString()) return named(spec.As<Napi::String>(), path);
    if (const Type* type = Type::find(spec)) return known(*type, path, depth, env);
    if (spec.IsObject() && !spec.IsArray() && !spec.IsFunction()) return compound(spec.As<Napi::Object>(), path, depth);
  } catch (const Napi::Error&) {
    throw;
  } catch (const std::exception& error) {
    refuse(env, path, error.what());
  }
  refuse(env, path, "expected the name of a type, a structure or a union");
}

Napi::Object fieldsOf(Napi::Env env, const pvxs::Value& parent) {
  Napi::Object fields = Napi::Object::New(env);
  for (pvxs::Value child : parent.ichildren()) fields.Set(parent.nameOf(child), specOfType(env, child));
  return fields;
}

}  // namespace

pvxs::TypeDef typeFromSpec(const Napi::Value& spec) { return definition(spec, "", 0); }

Napi::Value specOfType(Napi::Env env, const pvxs::Value& prototype) {
  const TypeCode code = prototype.type();
  if (code.scalarOf() != TypeCode::Struct && code.scalarOf() != TypeCode::Union) return Napi::String::New(env, nameOfType(code));
  pvxs::Value compound = code.isarray() ? pvxs::Value(prototype).allocMember() : prototype;
  Napi::Object spec = Napi::Object::New(env);
  spec.Set("kind", nameOfType(code));
  spec.Set("id", compound.id());
  spec.Set("fields", fieldsOf(env, compound));
  return spec;
}

Napi::Function Type::define(Napi::Env env) {
  Napi::Function type = DefineClass(env, "Type",
                                    {InstanceMethod<&Type::spec>("spec"), InstanceAccessor<&Type::id>("id"),
                                     InstanceMethod<&Type::equals>("equals")});
  Addon::of(env).typeClass = Napi::Persistent(type);
  return type;
}

Napi::Object Type::wrap(Napi::Env env, const pvxs::Value& prototype) {
  Addon& addon = Addon::of(env);
  addon.pendingType = prototype.cloneEmpty();
  return addon.typeClass.New({});
}

Type* Type::find(const Napi::Value& value) {
  if (!value.IsObject()) return nullptr;
  const Napi::Function type = Addon::of(value.Env()).typeClass.Value();
  Napi::Object object = value.As<Napi::Object>();
  if (object.InstanceOf(type)) return Unwrap(object);
  const Napi::Value inner = object.Get("native");
  return inner.IsObject() && inner.As<Napi::Object>().InstanceOf(type) ? Unwrap(inner.As<Napi::Object>()) : nullptr;
}

pvxs::Value Type::prototypeOf(const Napi::Value& typeOrSpec) {
  if (const Type* type = find(typeOrSpec)) return type->prototype_;
  return typeFromSpec(typeOrSpec).create();
}

Type::Type(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Type>(info) {
  pvxs::Value& pending = Addon::of(info.Env()).pendingType;
  prototype_ = pending ? std::move(pending) : typeFromSpec(info[0]).create();
  pending = pvxs::Value();
}

Napi::Value Type::spec(const Napi::CallbackInfo& info) { return specOfType(info.Env(), prototype_); }

Napi::Value Type::id(const Napi::CallbackInfo& info) {
  const bool compoundArray = prototype_.type() == TypeCode::StructA || prototype_.type() == TypeCode::UnionA;
  return Napi::String::New(info.Env(), compoundArray ? prototype_.allocMember().id() : prototype_.id());
}

Napi::Value Type::equals(const Napi::CallbackInfo& info) {
  const Type* other = find(info[0]);
  return Napi::Boolean::New(info.Env(), other != nullptr && prototype_.equalType(other->prototype_));
}

}  // namespace pvaflow
