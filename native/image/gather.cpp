#include "gather.h"

#include <cstdlib>

#include "kernels.h"
#include "transpose.h"
#include "vectorised.h"

namespace pvaflow::image {

namespace {

/** The same way with as few loops as it takes, the others once around in front. */
Walk merged(const Walk& walk) {
  std::array<Loop, 3> loops{{{1, 0}, {1, 0}, {1, 0}}};
  size_t first = loops.size();
  for (size_t i = walk.loops.size(); i-- > 0;) {
    const Loop& loop = walk.loops[i];
    if (loop.count == 1) continue;
    const bool continues = first < loops.size() && loop.step == loops[first].count * loops[first].step;
    if (continues) loops[first].count *= loop.count;
    else loops[--first] = loop;
  }
  return {walk.offset, loops};
}

template <typename T>
void copyRow(const T* from, T* to, int64_t count) {
  std::memcpy(to, from, static_cast<size_t>(count) * sizeof(T));
}

/** `Step` 0 stands for `step`: loops over distances that the compiler knows are vectors. */
template <typename T, int64_t Step>
void pickRow(const T* PVAFLOW_RESTRICT from, T* PVAFLOW_RESTRICT to, int64_t count, int64_t step) {
  const int64_t distance = Step == 0 ? step : Step;
  for (int64_t i = 0; i < count; i++) to[i] = from[i * distance];
}

template <typename T>
void pickRow(const T* from, T* to, const Loop& loop) {
  switch (loop.step) {
    case 1: return copyRow(from, to, loop.count);
    case -1: return pickRow<T, -1>(from, to, loop.count, 0);
    case 2: return pickRow<T, 2>(from, to, loop.count, 0);
    case 3: return pickRow<T, 3>(from, to, loop.count, 0);
    case 4: return pickRow<T, 4>(from, to, loop.count, 0);
    default: return pickRow<T, 0>(from, to, loop.count, loop.step);
  }
}

/** Three rows become one of triples: `step` from one element to the next, `apart` from one row to the next. */
template <typename T, int64_t Step>
void interleaveRow(const T* from, T* PVAFLOW_RESTRICT to, int64_t count, int64_t step, int64_t apart) {
  const int64_t distance = Step == 0 ? step : Step;
  for (int64_t i = 0; i < count; i++) {
    to[3 * i] = from[i * distance];
    to[3 * i + 1] = from[i * distance + apart];
    to[3 * i + 2] = from[i * distance + 2 * apart];
  }
}

/** One row of triples becomes three, which follow on each other. */
template <typename T>
void deinterleaveRow(const T* PVAFLOW_RESTRICT from, T* PVAFLOW_RESTRICT first, T* PVAFLOW_RESTRICT second, T* PVAFLOW_RESTRICT third,
                     int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    first[i] = from[3 * i];
    second[i] = from[3 * i + 1];
    third[i] = from[3 * i + 2];
  }
}

template <typename T>
void copyTriple(const T* from, T* to) {
  for (int i = 0; i < 3; i++) to[i] = from[i];
}

/** Neighbours by three, the colours of pixels: in squares, in case that what is near in the source is not in the target. */
template <typename T>
void copyTriples(const T* from, T* to, const Loop& rows, const Loop& columns) {
  constexpr int64_t kBlock = 16;
  for (int64_t j = 0; j < rows.count; j += kBlock)
    for (int64_t k = 0; k < columns.count; k += kBlock)
      for (int64_t row = j; row < std::min(j + kBlock, rows.count); row++)
        for (int64_t column = k; column < std::min(k + kBlock, columns.count); column++)
          copyTriple(from + row * rows.step + column * columns.step, to + 3 * (row * columns.count + column));
}

bool isRow(const Loop& loop) { return loop.step == 1 || loop.step == -1; }

template <typename T>
void walkRows(const T* from, T* to, const Loop& rows, const Loop& row) {
  for (int64_t i = 0; i < rows.count; i++) pickRow(from + i * rows.step, to + i * row.count, row);
}

template <typename T>
void walkPlane(const T* from, T* to, const Loop& middle, const Loop& inner) {
  if (isRow(inner)) return walkRows(from, to, middle, inner);
  if (inner.count == 3 && (inner.step == 0 || std::abs(inner.step) > std::abs(middle.step))) {
    if (middle.step == 1) return interleaveRow<T, 1>(from, to, middle.count, 0, inner.step);
    return interleaveRow<T, 0>(from, to, middle.count, middle.step, inner.step);
  }
  if (middle.count == 3 && middle.step == 1 && inner.step == 3)
    return deinterleaveRow(from, to, to + inner.count, to + 2 * inner.count, inner.count);
  if (middle.count > 1 && std::abs(middle.step) < std::abs(inner.step))
    return transpose(Transposition<T>{from, to, middle, inner, inner.count});
  walkRows(from, to, middle, inner);
}

/** `from` is where the way begins. */
template <typename T>
void walkAll(const T* from, T* to, const Loop outer, const Loop middle, const Loop inner) {
  if (inner.count == 3 && inner.step == 1) return copyTriples(from, to, outer, middle);
  const int64_t plane = middle.count * inner.count;
  const bool isNearest = std::abs(outer.step) < std::min(std::abs(middle.step), std::abs(inner.step));
  if (isNearest && outer.count > 1 && !isRow(inner)) {
    for (int64_t i = 0; i < middle.count; i++)
      transpose(Transposition<T>{from + i * middle.step, to + i * inner.count, outer, inner, plane});
    return;
  }
  for (int64_t i = 0; i < outer.count; i++) walkPlane(from + i * outer.step, to + i * plane, middle, inner);
}

template <typename T>
void gatherAs(const Pixels& from, const Pixels& to, const Walk& walk) {
  const auto& [outer, middle, inner] = walk.loops;
  vectorised<&walkAll<T>>(static_cast<const T*>(from.data) + walk.offset, static_cast<T*>(to.data), outer, middle, inner);
}

/** Bits, whatever they mean: a number that is read and written as such may become another. Besides, four types are fewer than ten. */
void gatherBits(const Walk& walk, const Pixels& from, const Pixels& to) {
  switch (from.elementSize) {
    case 1: return gatherAs<uint8_t>(from, to, walk);
    case 2: return gatherAs<uint16_t>(from, to, walk);
    case 4: return gatherAs<uint32_t>(from, to, walk);
    default: return gatherAs<uint64_t>(from, to, walk);
  }
}

}  // namespace

void mustLead(Napi::Env env, const Walk& walk, size_t length, double count) {
  double elements = 1;
  for (const Loop& each : walk.loops) elements *= static_cast<double>(each.count);
  mustReachOnly(env, length, walk.offset, walk.loops);
  if (elements != count) throw Napi::RangeError::New(env, "the target has another number of elements");
}

void gatherAlong(const Walk& walk, const Pixels& source, const Pixels& target) {
  if (target.length > 0) gatherBits(merged(walk), source, target);
}

Napi::Value gather(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Pixels source = pixelsOf(info[0]);
  const Pixels target = pixelsOf(info[1]);
  const auto loop = [&](size_t at) { return Loop{static_cast<int64_t>(countOf(info[at])), wholeOf(info[at + 1])}; };
  const Walk walk{wholeOf(info[2]), {loop(3), loop(5), loop(7)}};
  mustBe(target, source.type, env);
  mustLead(env, walk, source.length, static_cast<double>(target.length));
  gatherAlong(walk, source, target);
  return env.Undefined();
}

}  // namespace pvaflow::image
