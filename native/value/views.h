#pragma once
#include <napi.h>
#include <pvxs/data.h>

#include <memory>
#include <unordered_map>
#include <vector>

#include "arrays.h"

namespace pvaflow {

/**
 * What JavaScript sees of the numeric arrays of one Value, each kept so that the same typed array comes back.
 *
 * While a typed array exists here, its contents are the contents of the field: JavaScript may have written to it. Large
 * arrays are shown where PVXS put them as long as nobody else refers to them. Others do: the queue of a server, a clone,
 * and the client of PVXS, which keeps the last array of every field for an update that leaves it out. Such arrays, small
 * ones, and those inside of elements and `any`s (which may be shared as a whole) are shown in a copy.
 * JavaScript thread only.
 */
class Views {
 public:
  Views() = default;
  Views(const Views&) = delete;
  Views& operator=(const Views&) = delete;

  /** The typed array of `array`, made if there is none. `code` is the type of the field (an empty array has none). */
  Napi::Value of(Napi::Env env, const Array& array, pvxs::TypeCode code);

  /** Contents of `array` in memory that JavaScript does not see: `array` itself where it has no view, else a copy. */
  Array frozen(const Array& array, pvxs::TypeCode code) const;
  /** As frozen(), after detachAll() is certain to follow: contents in PVXS' memory are not copied. */
  Array taken(const Array& array, pvxs::TypeCode code) const;

  /** Where the contents of `array` are at this moment, for who only reads them before JavaScript runs again. */
  const void* contentsOf(const Array& array) const;

  /** True if `typedArray` is the view of `array`: setting it would change nothing. */
  bool isViewOf(const Napi::Value& typedArray, const Array& array) const;

  /** A field has a new array, known to nobody else: the view of the old one shows what it did until detachAll(). */
  void replaced(const Array& old);

  /** While it lives, what is seen stands in an element or an `any`. */
  class Within {
   public:
    explicit Within(Views& views, bool within = true) : depth_(views.depth_), added_(within ? 1 : 0) { depth_ += added_; }
    ~Within() { depth_ -= added_; }
    Within(const Within&) = delete;
    Within& operator=(const Within&) = delete;

   private:
    int& depth_;
    const int added_;
  };

  /** Makes every view empty and gives the memory back. */
  void detachAll(Napi::Env env);

  bool empty() const { return views_.empty(); }
  /** Bytes of PVXS' memory that V8 accounts to the views. */
  size_t externalBytes() const { return externalBytes_; }

 private:
  /** Keeps what JavaScript sees until the view is detached or collected. */
  struct Holder {
    Array array;
  };
  struct View {
    Array source;  // of the field: kept, so that no other array comes to lie where it is
    Napi::Reference<Napi::TypedArray> typedArray;
    std::shared_ptr<Holder> holder;  // null where the memory is V8's
    size_t bytes = 0;                // of `source`, where JavaScript sees it in place
  };
  /** A view that is only emptied, with its memory given back, if JavaScript has not let go of it by then. */
  struct Left {
    Napi::Reference<Napi::TypedArray> typedArray;  // weak
    std::shared_ptr<Holder> holder;
  };

  View external(Napi::Env env, const Array& array, const Array& seen, pvxs::TypeCode code);
  View copied(Napi::Env env, const Array& array, pvxs::TypeCode code) const;
  Array copyOf(const View& view, const Array& array, pvxs::TypeCode code) const;
  const void* contentsOf(const View& view, const Array& array) const;
  bool mayShow(const Array& array) const;
  void keep(const Array& array, View&& view);
  void forgetReplaced();
  void leave(View&& view);
  static void detach(Napi::Env env, const Napi::TypedArray& seen, Holder* holder);

  std::unordered_map<const void*, View> views_;
  std::vector<Left> left_;  // of arrays that were replaced, as far as they were not collected
  size_t externalBytes_ = 0;
  size_t forgetAt_ = 64;   // how many views there are when those of replaced arrays are looked for
  size_t collectAt_ = 64;  // the same of left_, for those that were collected
  int depth_ = 0;         // of Within
};

}  // namespace pvaflow
