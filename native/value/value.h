#pragma once
#include <napi.h>
#include <pvxs/data.h>

#include <string>

#include "path.h"
#include "views.h"

namespace pvaflow {

/**
 * JavaScript class `Value`: one pvxs::Value, and the views that JavaScript has of its arrays.
 *
 * Ownership: numeric arrays are shown to JavaScript as views of PVXS' memory, made when asked for and kept with the
 * Value. What another thread may read (a queue of a server) never shares memory that JavaScript can still write.
 * Elements of arrays of structures and what an `any` holds are never changed in place: they may be shared.
 */
class Value : public Napi::ObjectWrap<Value> {
 public:
  static Napi::Function define(Napi::Env env);

  /** A JavaScript Value that owns `value`. Tells V8 how much memory stands behind it. */
  static Napi::Object wrap(Napi::Env env, pvxs::Value&& value);
  /** The wrapped Value; throws TypeError when `object` is something else, PVAFLOW_VALUE_RELEASED when it was released. */
  static Value& of(const Napi::Value& object);
  /** As of(), for a Value or an object whose `native` is one; null when it is neither. */
  static Value* find(const Napi::Value& object);

  explicit Value(const Napi::CallbackInfo& info);
  void Finalize(Napi::Env env) override;

  const pvxs::Value& get() const { return value_; }

  /**
   * A Value that JavaScript can no longer change, for handing to PVXS: it has its own structure; arrays never seen by
   * JavaScript are shared, those that have a view are copied once. With `transfer` views are detached instead and
   * nothing is copied. Marks (changed fields) are kept. `prototype`, if valid, is the exact type instance wanted;
   * a value of another type is refused with PVAFLOW_TYPE.
   */
  pvxs::Value freeze(Napi::Env env, const pvxs::Value& prototype, bool transfer);

  /** As freeze(), of one field alone: the others are empty and not marked. Refused with PVAFLOW_FIELD if it is not there. */
  pvxs::Value freezeField(Napi::Env env, const pvxs::Value& prototype, const std::string& name);

  /** Where the contents of one of its numeric arrays are as JavaScript sees them. Valid until JavaScript runs again. */
  const void* contentsOf(const Array& array) const { return views_.contentsOf(array); }

  /** Gives a field, an array of numbers, another array of its type. Refused with PVAFLOW_FIELD if there is no such field. */
  void replaceArray(Napi::Env env, const std::string& name, const Array& array);

  /** One field as a value of its own, that JavaScript cannot change. Refused with PVAFLOW_FIELD if it is not there. */
  pvxs::Value fieldCopy(Napi::Env env, const std::string& name);

  /**
   * Puts an array that nobody else writes to into a member of a union, without a copy. Views of the array that was selected
   * keep what they show. Refused with PVAFLOW_FIELD if there is no such member.
   */
  void selectArray(Napi::Env env, const std::string& field, const std::string& member, const Array& array);

 private:
  Napi::Value getField(const Napi::CallbackInfo& info);
  Napi::Value tree(const Napi::CallbackInfo& info);
  void setField(const Napi::CallbackInfo& info);
  Napi::Value has(const Napi::CallbackInfo& info);
  Napi::Value selected(const Napi::CallbackInfo& info);
  Napi::Value typeName(const Napi::CallbackInfo& info);
  Napi::Value isChanged(const Napi::CallbackInfo& info);
  Napi::Value changedFields(const Napi::CallbackInfo& info);
  void mark(const Napi::CallbackInfo& info);
  void unmark(const Napi::CallbackInfo& info);
  Napi::Value clone(const Napi::CallbackInfo& info);
  Napi::Value allocate(const Napi::CallbackInfo& info);
  void release(const Napi::CallbackInfo& info);
  Napi::Value type(const Napi::CallbackInfo& info);
  Napi::Value typeId(const Napi::CallbackInfo& info);
  Napi::Value released(const Napi::CallbackInfo& info);
  Napi::Value bytes(const Napi::CallbackInfo& info);

  void mustBeHere(Napi::Env env) const;
  void copyFrozen(Napi::Env env, pvxs::Value& target, const pvxs::Value& source);
  pvxs::Value fieldAt(Napi::Env env, const Napi::Value& path, Way* way = nullptr) const;
  /** Tells V8 of what has changed since the last call: memory behind the value that no view accounts for. */
  void account(Napi::Env env);

  pvxs::Value value_;
  Views views_;
  size_t bytes_ = 0;
  int64_t accounted_ = 0;
};

}  // namespace pvaflow
