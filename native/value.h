#pragma once
#include <napi.h>
#include <pvxs/data.h>

namespace pvaflow {

/**
 * JavaScript class `Value`: one pvxs::Value, and the views that JavaScript has of its arrays.
 *
 * Ownership: numeric arrays are shown to JavaScript as views of PVXS' memory, made when asked for and kept with the
 * Value. What another thread may read (a queue of a server) never shares memory that JavaScript can still write.
 */
class Value : public Napi::ObjectWrap<Value> {
 public:
  static Napi::Function define(Napi::Env env);

  /** A JavaScript Value that owns `value`. Tells V8 how much memory stands behind it. */
  static Napi::Object wrap(Napi::Env env, pvxs::Value&& value);
  /** The wrapped Value; throws TypeError when `object` is something else, PVAFLOW_VALUE_RELEASED when it was released. */
  static Value& of(const Napi::Value& object);

  explicit Value(const Napi::CallbackInfo& info);

  const pvxs::Value& get() const { return value_; }

  /**
   * A Value that JavaScript can no longer change, for handing to PVXS: it has its own structure; arrays never seen by
   * JavaScript are shared, those that have a view are copied once. With `transfer` views are detached instead and
   * nothing is copied. Marks (changed fields) are kept. `prototype`, if valid, is the exact type instance wanted.
   */
  pvxs::Value freeze(Napi::Env env, const pvxs::Value& prototype, bool transfer);

 private:
  pvxs::Value value_;
};

}  // namespace pvaflow
