#pragma once
#include <napi.h>
#include <pvxs/data.h>

namespace pvaflow {

/**
 * A type as JavaScript writes it (see TypeSpec in src/pva/pv-type.ts) and as PVXS holds it. A specification is a name
 * ("double", "any[]"), an object with `kind`, `id` and `fields`, a plain object of fields (a structure without id), a
 * `Type`, or an object whose `native` is a `Type`. Errors carry PVAFLOW_TYPE and name the field by its path.
 */
pvxs::TypeDef typeFromSpec(const Napi::Value& spec);
Napi::Value specOfType(Napi::Env env, const pvxs::Value& prototype);

/** Two values of one type instance, for which PVXS needs no comparison of names. */
inline bool sameInstance(const pvxs::Value& a, const pvxs::Value& b) { return &a.id() == &b.id(); }

/** JavaScript class `Type`: keeps a prototype, so that all values made from it share one type instance. */
class Type : public Napi::ObjectWrap<Type> {
 public:
  static Napi::Function define(Napi::Env env);
  /** A JavaScript Type of the type instance of `prototype`. */
  static Napi::Object wrap(Napi::Env env, const pvxs::Value& prototype);
  /** The Type behind a `Type`, or behind the `native` of an object; null when `value` is neither. */
  static Type* find(const Napi::Value& value);
  /** As find(), or one made from a specification. */
  static pvxs::Value prototypeOf(const Napi::Value& typeOrSpec);

  explicit Type(const Napi::CallbackInfo& info);

  const pvxs::Value& prototype() const { return prototype_; }

 private:
  Napi::Value spec(const Napi::CallbackInfo& info);
  Napi::Value id(const Napi::CallbackInfo& info);
  Napi::Value equals(const Napi::CallbackInfo& info);

  pvxs::Value prototype_;
};

}  // namespace pvaflow
