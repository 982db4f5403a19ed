#pragma once
#include <napi.h>

namespace pvaflow::sealed {

/**
 * JavaScript's classes `Sealer` and `Opener`: new Sealer(cipher, key) with a key of 32 bytes.
 *
 * `sealer.seal(value, nonce, associated, target, field)` encrypts a value with its type, as it is at this moment, into the
 * field `field` of `target`, a ubyte[], followed by the tag; @returns its length.
 * `opener.open(source, field, nonce, associated)` gives the value back; undefined when anything is not what was sealed.
 * Throws PVAFLOW_CONTENT when it was sealed by somebody who has the key, and is no value.
 *
 * That no nonce is used twice is for the caller to see to.
 */
void define(Napi::Env env, Napi::Object exports);

}  // namespace pvaflow::sealed
