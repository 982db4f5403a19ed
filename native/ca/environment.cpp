#include "environment.h"

#include <envDefs.h>

#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>

namespace pvaflow::ca {

#if defined(__linux__)

namespace {

thread_local const Definitions* definitionsInUse = nullptr;

std::mutex repeaterMutex;
std::set<std::string> repeaterPorts;          // guarded by repeaterMutex; never shrinks, so that pointers into it last
const char* lastRepeaterPort = nullptr;       // guarded by repeaterMutex

/** The thread that libca starts when no repeater runs has no definitions: it must listen where its starter looks for it. */
void noteRepeaterPort(const Definitions& definitions) {
  const std::lock_guard<std::mutex> guard(repeaterMutex);
  const auto port = definitions.find("EPICS_CA_REPEATER_PORT");
  lastRepeaterPort = port == definitions.end() ? nullptr : repeaterPorts.insert(port->second).first->c_str();
}

const char* repeaterPort(const char* name) {
  const std::lock_guard<std::mutex> guard(repeaterMutex);
  return lastRepeaterPort ? lastRepeaterPort : std::getenv(name);
}

const char* valueOf(const char* name) {
  if (std::strncmp(name, "EPICS_CA_", 9) != 0) return std::getenv(name);
  if (!definitionsInUse) return std::strcmp(name, "EPICS_CA_REPEATER_PORT") == 0 ? repeaterPort(name) : std::getenv(name);
  const auto found = definitionsInUse->find(name);
  return found == definitionsInUse->end() ? nullptr : found->second.c_str();
}

}  // namespace

void useDefinitions(const Definitions& definitions) {
  definitionsInUse = &definitions;
  noteRepeaterPort(definitions);
}

#else

void useDefinitions(const Definitions& definitions) {
  static std::mutex mutex;
  const std::lock_guard<std::mutex> guard(mutex);
  for (const auto& [name, value] : definitions) {
    const char* present = std::getenv(name.c_str());
    if (!present || value != present) epicsEnvSet(name.c_str(), value.c_str());
  }
}

#endif

}  // namespace pvaflow::ca

#if defined(__linux__)
/** The value of a parameter, or its default; null where that is empty. As in libCom. */
extern "C" const char* envGetConfigParamPtr(const ENV_PARAM* parameter) {
  const char* value = pvaflow::ca::valueOf(parameter->name);
  if (!value) value = parameter->pdflt;
  return value && *value ? value : nullptr;
}
#endif
