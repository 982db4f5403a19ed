#pragma once
#include <map>
#include <string>

namespace pvaflow::ca {

/** Names and values of EPICS_CA_*: what libca takes instead of the process environment. */
using Definitions = std::map<std::string, std::string>;

/**
 * Has the EPICS_CA_* parameters that libca reads on this thread come from `definitions` (kept by the caller), and from
 * nowhere else. In worker threads `process.env` is a copy that native code does not see, and each client may have its own.
 *
 * libca has no other way in than the environment, which no thread may change while another reads it. Its one function
 * that reads a parameter, envGetConfigParamPtr() of libCom, is therefore defined by the addon as well, and the dynamic
 * linker of Linux takes this definition. Elsewhere the process environment is changed where it differs.
 */
void useDefinitions(const Definitions& definitions);

}  // namespace pvaflow::ca
