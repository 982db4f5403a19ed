#include "value.h"

#include "addon.h"
#include "copy.h"
#include "errors.h"
#include "from-js.h"
#include "path.h"
#include "to-js.h"
#include "tree.h"
#include "type-names.h"
#include "type.h"

namespace pvaflow {

namespace {

/** What a typed array of eight-byte elements can have. */
constexpr double kMaxElements = 4294967296.0;

std::string pathOf(const Napi::Value& path) {
  if (path.IsUndefined()) return "";
  if (!path.IsString()) fail(path.Env(), "PVAFLOW_FIELD", "expected the path of a field, found " + describe(path));
  char text[192];
  size_t length = 0;
  napi_get_value_string_utf8(path.Env(), path, text, sizeof text, &length);
  return length + 4 < sizeof text ? std::string(text, length) : path.As<Napi::String>().Utf8Value();
}

}  // namespace

Napi::Function Value::define(Napi::Env env) {
  Napi::Function value = DefineClass(
      env, "Value",
      {InstanceMethod<&Value::getField>("get"), InstanceMethod<&Value::setField>("set"),
       InstanceMethod<&Value::tree>("tree"), InstanceMethod<&Value::has>("has"),
       InstanceMethod<&Value::selected>("selected"), InstanceMethod<&Value::typeName>("typeName"),
       InstanceMethod<&Value::isChanged>("isChanged"), InstanceMethod<&Value::changedFields>("changedFields"),
       InstanceMethod<&Value::mark>("mark"), InstanceMethod<&Value::unmark>("unmark"), InstanceMethod<&Value::clone>("clone"),
       InstanceMethod<&Value::allocate>("allocate"), InstanceMethod<&Value::release>("release"),
       InstanceAccessor<&Value::type>("type"), InstanceAccessor<&Value::typeId>("typeId"),
       InstanceAccessor<&Value::released>("released"), InstanceAccessor<&Value::bytes>("bytes")});
  Addon::of(env).valueClass = Napi::Persistent(value);
  return value;
}

Napi::Object Value::wrap(Napi::Env env, pvxs::Value&& value) {
  Addon& addon = Addon::of(env);
  addon.pendingValue = std::move(value);
  return addon.valueClass.New({});
}

Value& Value::of(const Napi::Value& object) {
  Value* value = find(object);
  if (!value) throw Napi::TypeError::New(object.Env(), "expected a value, found " + describe(object));
  return *value;
}

Value* Value::find(const Napi::Value& value) {
  if (!value.IsObject() || value.IsTypedArray()) return nullptr;
  const Napi::Function valueClass = Addon::of(value.Env()).valueClass.Value();
  Napi::Object object = value.As<Napi::Object>();
  if (!object.InstanceOf(valueClass)) {
    const Napi::Value inner = object.Get("native");
    if (!inner.IsObject() || !inner.As<Napi::Object>().InstanceOf(valueClass)) return nullptr;
    object = inner.As<Napi::Object>();
  }
  Value* found = Unwrap(object);
  found->mustBeHere(value.Env());
  return found;
}

Value::Value(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Value>(info) {
  const Napi::Env env = info.Env();
  pvxs::Value& pending = Addon::of(env).pendingValue;
  const bool wraps = pending.valid();
  value_ = wraps ? std::move(pending) : Type::prototypeOf(info[0]).cloneEmpty();
  if (!wraps && info.Length() > 1 && !info[1].IsUndefined()) guarded(env, "PVAFLOW_FIELD", [&] { setAtPath(value_, "", info[1], views_); });
  account(env);
}

void Value::Finalize(Napi::Env env) {
  value_ = pvxs::Value();
  bytes_ = 0;
  if (accounted_ != 0) Napi::MemoryManagement::AdjustExternalMemory(env, -accounted_);
}

void Value::mustBeHere(Napi::Env env) const {
  if (!value_) fail(env, "PVAFLOW_VALUE_RELEASED", "the value was released; retain() it, or clone() what is needed, to keep it");
}

void Value::account(Napi::Env env) {
  bytes_ = arrayBytes(value_);
  const size_t own = bytes_ > views_.externalBytes() ? bytes_ - views_.externalBytes() : 0;
  const int64_t change = static_cast<int64_t>(own) - accounted_;
  if (change == 0) return;
  accounted_ += change;
  Napi::MemoryManagement::AdjustExternalMemory(env, change);
}

pvxs::Value Value::fieldAt(Napi::Env env, const Napi::Value& path, Way* way) const {
  mustBeHere(env);
  const std::string text = pathOf(path);
  return guarded(env, "PVAFLOW_FIELD", [&] { return findField(value_, text, way); });
}

Napi::Value Value::getField(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Way way;
  const pvxs::Value field = fieldAt(env, info[0], &way);
  if (!field) return way.isNull ? env.Null() : env.Undefined();
  const Views::Within within(views_, way.within);
  const size_t seen = views_.externalBytes();
  const Napi::Value result = guarded(env, "PVAFLOW_FIELD", [&] { return toJs(env, field, views_); });
  if (views_.externalBytes() != seen) account(env);
  return result;
}

Napi::Value Value::tree(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  mustBeHere(env);
  const Napi::Value result = guarded(env, "PVAFLOW_FIELD", [&] { return treeOf(env, "", value_, views_); });
  account(env);
  return result;
}

void Value::setField(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  mustBeHere(env);
  const std::string path = pathOf(info[0]);
  guarded(env, "PVAFLOW_FIELD", [&] { setAtPath(value_, path, info[1], views_); });
  if (info[1].IsObject()) account(env);
}

Napi::Value Value::has(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  mustBeHere(env);
  const std::string path = pathOf(info[0]);
  try {
    Way way;
    const bool found = findField(value_, path, &way).valid();
    return Napi::Boolean::New(env, found || way.isNull);
  } catch (const std::exception&) {
    return Napi::Boolean::New(env, false);
  }
}

Napi::Value Value::selected(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const pvxs::Value field = fieldAt(env, info[0]);
  if (!field || field.type() != pvxs::TypeCode::Union) return env.Undefined();
  const auto member = field.as<pvxs::Value>();
  return member ? Napi::String::New(env, field.nameOf(member)) : env.Undefined();
}

Napi::Value Value::typeName(const Napi::CallbackInfo& info) {
  const pvxs::Value field = fieldAt(info.Env(), info[0]);
  return field ? Napi::String::New(info.Env(), nameOfType(field.type())) : info.Env().Undefined();
}

Napi::Value Value::isChanged(const Napi::CallbackInfo& info) {
  const pvxs::Value field = fieldAt(info.Env(), info[0]);
  return Napi::Boolean::New(info.Env(), field && field.isMarked(true, true));
}

Napi::Value Value::changedFields(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  mustBeHere(env);
  Napi::Array names = Napi::Array::New(env);
  if (value_.type() != pvxs::TypeCode::Struct) return names;
  for (const pvxs::Value field : value_.imarked()) names.Set(names.Length(), Napi::String::New(env, value_.nameOf(field)));
  return names;
}

void Value::mark(const Napi::CallbackInfo& info) {
  pvxs::Value field = fieldAt(info.Env(), info[0]);
  if (field) field.mark();
}

void Value::unmark(const Napi::CallbackInfo& info) {
  pvxs::Value field = fieldAt(info.Env(), info[0]);
  if (field) field.unmark(false, true);
}

Napi::Value Value::clone(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  mustBeHere(env);
  return wrap(env, freeze(env, pvxs::Value(), false));
}

Napi::Value Value::allocate(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  mustBeHere(env);
  const double asked = info[1].IsNumber() ? info[1].As<Napi::Number>().DoubleValue() : -1;
  if (!(asked >= 0 && asked <= kMaxElements)) fail(env, "PVAFLOW_VALUE_RANGE", "expected the length of an array, found " + describe(info[1]));
  Allocation wanted{static_cast<size_t>(asked), !(info[2].IsBoolean() && info[2].As<Napi::Boolean>().Value())};
  const std::string path = pathOf(info[0]);
  guarded(env, "PVAFLOW_FIELD", [&] { setAtPath(value_, path, Napi::External<Allocation>::New(env, &wanted), views_); });
  return getField(info);
}

void Value::release(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  views_.detachAll(env);
  value_ = pvxs::Value();
  bytes_ = 0;
  if (accounted_ != 0) Napi::MemoryManagement::AdjustExternalMemory(env, -accounted_);
  accounted_ = 0;
}

Napi::Value Value::type(const Napi::CallbackInfo& info) {
  mustBeHere(info.Env());
  return Type::wrap(info.Env(), value_);
}

Napi::Value Value::typeId(const Napi::CallbackInfo& info) {
  mustBeHere(info.Env());
  return Napi::String::New(info.Env(), value_.id());
}

Napi::Value Value::released(const Napi::CallbackInfo& info) { return Napi::Boolean::New(info.Env(), !value_.valid()); }

Napi::Value Value::bytes(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(bytes_));
}

pvxs::Value Value::freeze(Napi::Env env, const pvxs::Value& prototype, bool transfer) {
  mustBeHere(env);
  pvxs::Value result = prototype ? prototype.cloneEmpty() : value_.cloneEmpty();
  const ArrayFilter filter = [&](const Array& array, pvxs::TypeCode code) {
    return transfer ? views_.taken(array, code) : views_.frozen(array, code);
  };
  guarded(env, "PVAFLOW_TYPE", [&] { copyInto(result, value_, views_.empty() ? nullptr : &filter); });
  if (transfer) {
    views_.detachAll(env);
    account(env);
  }
  return result;
}

pvxs::Value Value::freezeField(Napi::Env env, const pvxs::Value& prototype, const std::string& name) {
  mustBeHere(env);
  const pvxs::Value& original = value_;
  const pvxs::Value source = original[name];
  pvxs::Value result = prototype.cloneEmpty();
  pvxs::Value target = result[name];
  if (!source || !target) fail(env, "PVAFLOW_FIELD", "there is no field " + name);
  copyFrozen(env, target, source);
  target.mark();
  return result;
}

void Value::replaceArray(Napi::Env env, const std::string& name, const Array& array) {
  mustBeHere(env);
  pvxs::Value field = value_[name];
  const bool fits = field && isNumericArray(field.type()) && field.type().arrayType() == array.original_type();
  if (!fits) fail(env, "PVAFLOW_FIELD", "there is no field " + name + " for such an array");
  const auto old = field.as<Array>();
  field.from(array);
  views_.replaced(old);
  account(env);
}

pvxs::Value Value::fieldCopy(Napi::Env env, const std::string& name) {
  mustBeHere(env);
  const pvxs::Value& original = value_;
  const pvxs::Value source = original[name];
  if (!source) fail(env, "PVAFLOW_FIELD", "there is no field " + name);
  pvxs::Value result = source.cloneEmpty();
  copyFrozen(env, result, source);
  return result;
}

void Value::selectArray(Napi::Env env, const std::string& name, const std::string& member, const Array& array) {
  mustBeHere(env);
  const pvxs::Value& original = value_;
  const pvxs::Value old = original[name];
  if (old && old.type() == pvxs::TypeCode::Union) {
    const auto selected = old.as<pvxs::Value>();
    if (selected && selected.type().isarray()) views_.replaced(selected.as<Array>());
  }
  pvxs::Value target = value_[name + "->" + member];
  if (!target) fail(env, "PVAFLOW_FIELD", "there is no field " + name + "->" + member);
  guarded(env, "PVAFLOW_FIELD", [&] { target.from(array); });
  value_[name].mark();
  account(env);
}

void Value::copyFrozen(Napi::Env env, pvxs::Value& target, const pvxs::Value& source) {
  const ArrayFilter filter = [&](const Array& array, pvxs::TypeCode code) { return views_.frozen(array, code); };
  guarded(env, "PVAFLOW_TYPE", [&] { copyInto(target, source, views_.empty() ? nullptr : &filter); });
}

}  // namespace pvaflow
