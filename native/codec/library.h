#pragma once
// What is used of the static library of c-blosc beside its public header: the compressors that it contains, under their own
// names, and its shuffles, which are those of the project bitshuffle. The Python package that brings the library has no
// headers for these.
#include <cstddef>
#include <cstdint>

extern "C" {

// lz4.h of LZ4 1.10
int LZ4_compressBound(int size);
int LZ4_compress_default(const char* source, char* target, int sourceSize, int targetSize);
int LZ4_decompress_safe(const char* source, char* target, int sourceSize, int targetSize);

// zlib.h of zlib 1.3
unsigned long compressBound(unsigned long size);
int compress2(unsigned char* target, unsigned long* targetSize, const unsigned char* source, unsigned long sourceSize, int level);
int uncompress2(unsigned char* target, unsigned long* targetSize, const unsigned char* source, unsigned long* sourceSize);

// zstd.h of Zstandard 1.5
size_t ZSTD_compress(void* target, size_t targetSize, const void* source, size_t sourceSize, int level);
size_t ZSTD_compressBound(size_t size);
size_t ZSTD_decompress(void* target, size_t targetSize, const void* source, size_t sourceSize);
unsigned ZSTD_isError(size_t result);

// xxhash.h of xxHash 0.8, under the names that Zstandard gives it
struct XXH64_state_s;
XXH64_state_s* ZSTD_XXH64_createState(void);
int ZSTD_XXH64_freeState(XXH64_state_s* state);
int ZSTD_XXH64_reset(XXH64_state_s* state, uint64_t seed);
int ZSTD_XXH64_update(XXH64_state_s* state, const void* data, size_t size);
uint64_t ZSTD_XXH64_digest(const XXH64_state_s* state);

// shuffle.h of c-blosc 1.21: they choose the fastest way that the processor knows. `scratch` is as large as `size`. Those of
// bits leave elements beyond the last multiple of eight as they are, and return a negative number when they fail.
void blosc_internal_shuffle(size_t elementSize, size_t size, const uint8_t* source, const uint8_t* target);
void blosc_internal_unshuffle(size_t elementSize, size_t size, const uint8_t* source, const uint8_t* target);
int blosc_internal_bitshuffle(size_t elementSize, size_t size, const uint8_t* source, const uint8_t* target, const uint8_t* scratch);
int blosc_internal_bitunshuffle(size_t elementSize, size_t size, const uint8_t* source, const uint8_t* target, const uint8_t* scratch);
}
