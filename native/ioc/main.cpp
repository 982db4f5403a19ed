// A small IOC that serves records of Channel Access: `pvaflow-ioc DBD_FOLDER RECORD…`. It prints READY when it serves them.
//
// The records are analogue ones. Each line of standard input sets one: its place in the list of records, the seconds since
// 1970 and nanoseconds of the value's time, and the value. It ends with its input, so that it never outlives who started it.
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#define USE_TYPED_RSET
#include <aoRecord.h>
#include <dbAccess.h>
#include <dbLock.h>
#include <dbStaticLib.h>
#include <epicsTime.h>
#include <iocInit.h>
#include <iocshRegisterCommon.h>

namespace {

constexpr std::chrono::milliseconds kLastUpdates{200};  // for CA's threads to send what was set last

void check(long status, const std::string& what) {
  if (status != 0) throw std::runtime_error(what + " failed");
}

void createRecord(const std::string& name) {
  DBENTRY entry;
  dbInitEntry(pdbbase, &entry);
  const bool created = dbFindRecordType(&entry, "ao") == 0 && dbCreateRecord(&entry, name.c_str()) == 0;
  dbFinishEntry(&entry);
  if (!created) throw std::runtime_error("cannot create record " + name + " (is it named twice, or is its name too long?)");
}

aoRecord* findRecord(const std::string& name) {
  DBADDR address;
  check(dbNameToAddr(name.c_str(), &address), "looking for record " + name);
  return reinterpret_cast<aoRecord*>(address.precord);
}

std::vector<aoRecord*> serve(const std::string& dbdFolder, const std::vector<std::string>& names) {
  check(dbLoadDatabase("base.dbd", dbdFolder.c_str(), nullptr), "loading base.dbd from " + dbdFolder);
  check(registerAllRecordDeviceDrivers(pdbbase), "registering record types");
  for (const std::string& name : names) createRecord(name);
  check(iocInit(), "starting the IOC");
  std::vector<aoRecord*> records;
  for (const std::string& name : names) records.push_back(findRecord(name));
  return records;
}

/** With each value clients get an update, though it be the same as before, and with the time that was given. */
void prepare(aoRecord* record) {
  record->tse = epicsTimeEventDeviceTime;
  record->mdel = -1;
  record->prec = 6;
}

struct Update {
  size_t record;
  int64_t seconds;
  uint32_t nanoseconds;
  double value;
};

Update parse(const std::string& line) {
  std::istringstream fields(line);
  Update update{};
  if (fields >> update.record >> update.seconds >> update.nanoseconds >> update.value) return update;
  throw std::runtime_error("not an update: " + line);
}

void set(aoRecord* record, const Update& update) {
  auto* const common = reinterpret_cast<dbCommon*>(record);
  dbScanLock(common);
  record->time.secPastEpoch = static_cast<epicsUInt32>(update.seconds - POSIX_TIME_AT_EPICS_EPOCH);
  record->time.nsec = update.nanoseconds;
  record->val = update.value;
  record->udf = FALSE;
  dbProcess(common);
  dbScanUnlock(common);
}

void run(const std::string& dbdFolder, const std::vector<std::string>& names) {
  const std::vector<aoRecord*> records = serve(dbdFolder, names);
  for (aoRecord* record : records) prepare(record);
  std::cout << "READY" << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    const Update update = parse(line);
    set(records.at(update.record), update);
  }
  std::this_thread::sleep_for(kLastUpdates);
}

}  // namespace

int main(int argc, char** argv) {
  // A signal to all processes of a terminal is meant for who started this one, and closes its input.
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  if (argc < 3) {
    std::cerr << "usage: pvaflow-ioc DBD_FOLDER RECORD…" << std::endl;
    return 2;
  }
  try {
    run(argv[1], {argv + 2, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << error.what() << std::endl;
    std::_Exit(1);
  }
  std::_Exit(0);  // the threads of the IOC do not end by themselves
}
