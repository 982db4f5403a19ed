#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "pixels.h"

namespace pvaflow::image {

/** Rows become columns: element k of `far` in row j of `near` goes to `to[j * apart + k]`. */
template <typename T>
struct Transposition {
  const T* from;
  T* to;
  Loop near;
  Loop far;
  int64_t apart;
};

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
constexpr bool kLowestFirst = false;
#else
constexpr bool kLowestFirst = true;
#endif

constexpr size_t kLineBytes = 64;
/** Elements of a line of the cache, and lines that are transposed at a time. */
template <typename T>
constexpr size_t kSide = kLineBytes / sizeof(T);
/** Elements of a word of 64 bits. */
template <typename T>
constexpr size_t kWord = sizeof(uint64_t) / sizeof(T);

/** Transposes squares side by side, each a word wide: halves of words change places, then halves of halves. */
template <typename T>
void transposeWords(std::array<std::array<uint64_t, kLineBytes / 8>, kWord<T>>& rows) {
  for (size_t distance = kWord<T> / 2; distance > 0; distance /= 2) {
    const size_t shift = 8 * sizeof(T) * distance;
    const uint64_t low = ~uint64_t{0} / ((uint64_t{1} << shift) + 1);
    for (size_t row = 0; row < kWord<T>; row++) {
      if ((row & distance) != 0) continue;
      for (size_t word = 0; word < rows[row].size(); word++) {
        uint64_t& above = rows[row][word];
        uint64_t& below = rows[row + distance][word];
        const uint64_t differs = ((above >> shift) ^ below) & low;
        below ^= differs;
        above ^= differs << shift;
      }
    }
  }
}

/** A square with sides of a line, whose rows lie `far` apart in memory and whose columns side by side. */
template <typename T>
void transposeSquare(const T* from, int64_t far, std::array<std::array<T, kSide<T>>, kSide<T>>& square) {
  std::array<std::array<uint64_t, kLineBytes / 8>, kWord<T>> rows;
  for (size_t k = 0; k < kSide<T>; k += kWord<T>) {
    for (size_t row = 0; row < kWord<T>; row++) std::memcpy(rows[row].data(), from + static_cast<int64_t>(k + row) * far, kLineBytes);
    transposeWords<T>(rows);
    for (size_t row = 0; row < kWord<T>; row++)
      for (size_t word = 0; word < rows[row].size(); word++) std::memcpy(&square[word * kWord<T> + row][k], &rows[row][word], sizeof(uint64_t));
  }
}

/** As transposeSquare(), from and to their places. */
template <typename T>
void moveSquare(const Transposition<T>& all, int64_t firstNear, int64_t firstFar) {
  constexpr auto side = static_cast<int64_t>(kSide<T>);
  const bool isBackwards = all.near.step < 0;
  std::array<std::array<T, kSide<T>>, kSide<T>> square;
  const T* from = all.from + firstNear * all.near.step + firstFar * all.far.step;
  transposeSquare(isBackwards ? from - (side - 1) : from, all.far.step, square);
  T* to = all.to + firstNear * all.apart + firstFar;
  for (int64_t j = 0; j < side; j++) std::memcpy(to + j * all.apart, square[static_cast<size_t>(isBackwards ? side - 1 - j : j)].data(), kLineBytes);
}

/** In squares, so that lines of the cache that were fetched for one element serve its neighbours, too. */
template <typename T>
void transpose(const Transposition<T>& all) {
  constexpr auto side = static_cast<int64_t>(kSide<T>);
  const bool isDense = kLowestFirst && (all.near.step == 1 || all.near.step == -1);
  for (int64_t j = 0; j < all.near.count; j += side) {
    const int64_t endNear = std::min(j + side, all.near.count);
    for (int64_t k = 0; k < all.far.count; k += side) {
      const int64_t endFar = std::min(k + side, all.far.count);
      if (isDense && endNear - j == side && endFar - k == side) {
        moveSquare(all, j, k);
        continue;
      }
      for (int64_t n = j; n < endNear; n++)
        for (int64_t f = k; f < endFar; f++) all.to[n * all.apart + f] = all.from[n * all.near.step + f * all.far.step];
    }
  }
}

}  // namespace pvaflow::image
